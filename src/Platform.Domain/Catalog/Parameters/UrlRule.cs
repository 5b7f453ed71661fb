namespace Platform.Domain.Catalog.Parameters;

/// <summary>Which URLs a parameter takes. Which hosts may be called is judged by those who call them.</summary>
public sealed record UrlRule
{
    private UrlRule(string expected, string pattern, Func<string, bool> isMet)
    {
        Expected = expected;
        Pattern = pattern;
        IsMet = isMet;
    }

    /// <summary>Media that the platform fetches: whether plain HTTP may be, an installation decides.</summary>
    public static UrlRule Web { get; } = new(
        "an absolute https URL",
        "^[Hh][Tt][Tt][Pp][Ss]?://",
        static text => HasScheme(text, "https://") || HasScheme(text, "http://"));

    /// <summary>Addresses that the platform calls: no user or password in them; whether plain HTTP may be, an installation decides.</summary>
    public static UrlRule Callback { get; } = new(
        "an absolute https URL without user and password",
        @"^[Hh][Tt][Tt][Pp][Ss]?://[^@/?#\\]+($|[/?#\\])",
        static text => (HasScheme(text, "https://") || HasScheme(text, "http://")) && HasPlainAuthority(text));

    /// <summary>The rule in words.</summary>
    public string Expected { get; }

    /// <summary>The rule as a regular expression of JSON Schema.</summary>
    public string Pattern { get; }

    private Func<string, bool> IsMet { get; }

    /// <summary>Says whether a text is such a URL.</summary>
    public bool Allows(string text) => IsMet(text) && Uri.TryCreate(text, UriKind.Absolute, out _);

    private static bool HasScheme(string text, string scheme) => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);

    private static bool HasPlainAuthority(string text)
    {
        var rest = text.AsSpan(text.IndexOf("//", StringComparison.Ordinal) + 2);
        var end = rest.IndexOfAny(@"/?#\");
        var authority = end < 0 ? rest : rest[..end];
        return authority.Length > 0 && !authority.Contains('@');
    }
}
