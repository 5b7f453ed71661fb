namespace Platform.Grains.Contracts;

/// <summary>
/// A tenant's account could not be read or committed, and its grain starts anew from the store. Nobody knows whether the command was
/// carried out; repeating it is harmless, and tells.
/// </summary>
[GenerateSerializer, Alias("platform.account-unavailable")]
public sealed class AccountUnavailableException : Exception
{
    /// <summary>Says why.</summary>
    public AccountUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what was underneath.</summary>
    public AccountUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error without a text of its own.</summary>
    public AccountUnavailableException()
    {
    }
}
