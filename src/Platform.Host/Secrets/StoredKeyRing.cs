using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Platform.Domain.Secrets;

namespace Platform.Host.Secrets;

/// <summary>
/// Keeps the keys of ASP.NET data protection in the store, so that all processes of an installation have the same. The library asks
/// synchronously, and seldom: when it starts, once a day, and when it makes a new key.
/// </summary>
internal sealed class StoredKeyRing(IKeyRingStore store, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(() => store.LoadKeysAsync(CancellationToken.None)).GetAwaiter().GetResult().Select(k => XElement.Parse(k.Xml))];

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() => store.AddKeyAsync(
            new(friendlyName, element.ToString(SaveOptions.DisableFormatting)), time.GetUtcNow(), CancellationToken.None))
            .GetAwaiter().GetResult();
}
