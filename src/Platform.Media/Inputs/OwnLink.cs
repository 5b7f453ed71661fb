namespace Platform.Media.Inputs;

/// <summary>What a URL is to the platform.</summary>
internal abstract record OwnLink
{
    private OwnLink()
    {
    }

    /// <summary>An uploaded file of the platform.</summary>
    public sealed record UploadedFile(string FileId) : OwnLink;

    /// <summary>A result that the platform keeps.</summary>
    public sealed record TaskResult(string Tenant, string BlobKey) : OwnLink;

    /// <summary>Some other address of the platform: there is no medium, and it is not asked over the network either.</summary>
    public sealed record Nothing : OwnLink;

    /// <summary>Not the platform's.</summary>
    public sealed record Foreign : OwnLink;
}
