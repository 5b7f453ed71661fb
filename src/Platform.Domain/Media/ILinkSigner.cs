namespace Platform.Domain.Media;

/// <summary>Signs links to bytes, bound to tenant, object and expiry, so that they work without a key until they end.</summary>
public interface ILinkSigner
{
    /// <summary>Makes an absolute link: the public URL, the path, and what proves it.</summary>
    /// <param name="path">Absolute path of the resource, for example <c>/v1/files/file_x/content</c>.</param>
    /// <param name="tenant">The tenant that the object belongs to; part of what is signed, not of the link.</param>
    /// <param name="expiresAt">When the link ends (whole seconds).</param>
    string Sign(string path, string tenant, DateTimeOffset expiresAt);

    /// <summary>Says whether a link is good: <see cref="LinkVerdict.Valid"/>, ended, or forged. Compares in constant time.</summary>
    /// <param name="path">Path of the request.</param>
    /// <param name="tenant">The tenant that the object belongs to.</param>
    /// <param name="expires">The <c>expires</c> parameter as it came, or null.</param>
    /// <param name="signature">The <c>signature</c> parameter as it came, or null.</param>
    LinkVerdict Verify(string path, string tenant, string? expires, string? signature);
}

/// <summary>What a signed link is worth.</summary>
public enum LinkVerdict
{
    /// <summary>Not signed by us for this object.</summary>
    Forged = 0,

    /// <summary>Signed by us, and still good.</summary>
    Valid = 1,

    /// <summary>Signed by us, and ended.</summary>
    Expired = 2,
}
