namespace Platform.Domain.Secrets;

/// <summary>
/// Seals secrets before they are stored. What one purpose sealed, another cannot open, so that a secret that was moved to another
/// place of the store is of no use there.
/// </summary>
public interface ISecretBox
{
    /// <summary>Seals a secret; the same secret is sealed differently each time.</summary>
    /// <param name="purpose">What the secret is for, for example <c>webhook-signing</c>; never from a request.</param>
    /// <param name="secret">The secret.</param>
    string Protect(string purpose, string secret);

    /// <summary>Opens what <see cref="Protect"/> has sealed for the same purpose.</summary>
    /// <exception cref="SecretUnreadableException">It was sealed for another purpose, by keys that are lost, or was changed.</exception>
    string Unprotect(string purpose, string sealedSecret);
}

/// <summary>A sealed secret cannot be opened; the message never holds it.</summary>
public sealed class SecretUnreadableException : Exception
{
    /// <summary>Says which purpose it was asked for.</summary>
    public SecretUnreadableException(string purpose, Exception inner)
        : base($"A secret sealed for '{purpose}' cannot be opened: its keys are missing, or it was changed.", inner)
    {
    }

    /// <summary>An error with a text only.</summary>
    public SecretUnreadableException(string message)
        : base(message)
    {
    }

    /// <summary>An error without a text.</summary>
    public SecretUnreadableException()
    {
    }
}
