namespace Platform.Domain.Catalog;

/// <summary>What is wrong with a parameter of a request.</summary>
/// <param name="Parameter">Its path, for example <c>model_params.character_orientation</c>; empty for the body as a whole.</param>
/// <param name="Message">What was wrong and what is allowed.</param>
public sealed record ParameterViolation(string Parameter, string Message);

/// <summary>Names that a caller made up, in messages.</summary>
public static class ParameterName
{
    private const int MaxShownLength = 64;

    /// <summary>The name, or its first 64 characters; a pair of surrogates is never cut.</summary>
    public static string Shown(string name)
    {
        if (name.Length <= MaxShownLength)
        {
            return name;
        }

        var length = char.IsHighSurrogate(name[MaxShownLength - 1]) ? MaxShownLength - 1 : MaxShownLength;
        return name[..length] + "…";
    }
}
