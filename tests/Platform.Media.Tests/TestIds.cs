using System.Security.Cryptography;
using Platform.Domain;

namespace Platform.Media.Tests;

internal sealed class TestIds : IIdSource
{
    public string Next(int length) => RandomNumberGenerator.GetString("0123456789abcdefghjkmnpqrstvwxyz", length);
}
