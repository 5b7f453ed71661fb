using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Platform.Domain.Tasks;

namespace Platform.Api.Tasks;

/// <summary>Opaque text of a place in the list of tasks.</summary>
internal static class TaskCursors
{
    public static string Format(GenerationTask task) => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{task.CreatedAt.ToUnixTimeMilliseconds()}:{task.Id.Value}")));

    public static TaskCursor? Parse(string text)
    {
        if (!Base64Url.IsValid(text))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(':');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && TaskId.IsValid(parts[1])
            ? new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), new(parts[1]))
            : null;
    }
}
