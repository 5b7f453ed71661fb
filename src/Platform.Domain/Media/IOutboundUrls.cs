namespace Platform.Domain.Media;

/// <summary>The rules of which URLs the platform calls on behalf of tenants.</summary>
public interface IOutboundUrls
{
    /// <summary>
    /// Judges a URL by its text, for an early and clear refusal; every address is judged again when it is connected to. Null where
    /// nothing speaks against it, else a sentence for the caller.
    /// </summary>
    string? Refuse(string url);
}
