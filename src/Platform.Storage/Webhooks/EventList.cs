using System.Collections.Immutable;

namespace Platform.Storage.Webhooks;

/// <summary>An endpoint's choice of events as one text; the types hold no spaces.</summary>
internal static class EventList
{
    public static string Write(ImmutableArray<string> events) => string.Join(' ', events);

    public static ImmutableArray<string> Read(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
