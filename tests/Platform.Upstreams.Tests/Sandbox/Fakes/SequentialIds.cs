using System.Globalization;
using Platform.Domain;

namespace Platform.Upstreams.Tests.Sandbox.Fakes;

/// <summary>Ids that count up.</summary>
internal sealed class SequentialIds : IIdSource
{
    private int _last;

    public string Next(int length) => Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture).PadLeft(length, '0');
}
