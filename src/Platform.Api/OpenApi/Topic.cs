namespace Platform.Api.OpenApi;

/// <summary>A chapter of the reference page.</summary>
/// <param name="Name">Its title.</param>
/// <param name="Description">What it is about, in Markdown.</param>
internal sealed record Topic(string Name, string Description)
{
    public static readonly Topic Videos = new("Videos", "Make videos. A create is answered at once with a task; the video follows.");

    public static readonly Topic Tasks = new("Tasks", "Follow tasks to their end, one by one, by the list or as a stream; cancel them; see what each cost and why.");

    public static readonly Topic Files = new("Files", "Upload reference media. A file is kept for 72 hours, and its link can be used in `image_urls` and `video_urls`.");

    public static readonly Topic Catalog = new("Models and prices", "What there is, what it takes, and what it costs.");

    public static readonly Topic Credits = new("Credits", "The balance, every movement of it, and what it was used for.");

    public static readonly Topic Webhooks = new("Webhooks", "Be told when tasks end, signed as Standard Webhooks 1.0, and see what was told, to whom, and how it went.");

    public static readonly Topic Service = new("Service", "How the service does, and this document.");

    public static readonly Topic Operator = new("Operator", "For those who run the installation, with an operator's key.");

    /// <summary>All, in the order of the page.</summary>
    public static IReadOnlyList<Topic> All { get; } = [Videos, Tasks, Files, Catalog, Credits, Webhooks, Service, Operator];
}
