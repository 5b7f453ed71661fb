using System.Text.Json;
using Platform.Api.Errors;
using Platform.Domain.Tasks;

namespace Platform.Api.Tasks.Batch;

/// <summary>The body of a batch read, or what is wrong with it.</summary>
/// <param name="Ids">The ids, in the order asked, each once.</param>
/// <param name="Error">The first violation.</param>
internal readonly record struct TaskBatchRequest(IReadOnlyList<TaskId> Ids, ApiError? Error)
{
    /// <summary>Most ids of one request (product.md section 2).</summary>
    public const int MaxIds = 50;

    private const string Field = "task_ids";

    /// <summary>Reads <c>{"task_ids":[…]}</c>.</summary>
    public static TaskBatchRequest Parse(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return Wrong(ApiErrors.InvalidBody("The body must be a JSON object."));
        }

        foreach (var field in body.EnumerateObject())
        {
            if (field.Name != Field)
            {
                var name = field.Name.Length > 64 ? field.Name[..64] + "…" : field.Name;
                return Wrong(ApiErrors.InvalidParameter(name, $"'{name}' is not a parameter; allowed is {Field}."));
            }
        }

        if (!body.TryGetProperty(Field, out var ids) || ids.ValueKind != JsonValueKind.Array || ids.GetArrayLength() is 0 or > MaxIds)
        {
            return Wrong(ApiErrors.InvalidParameter(Field, $"'{Field}' is required: an array of 1 to {MaxIds} task ids."));
        }

        var asked = new List<TaskId>(ids.GetArrayLength());
        var seen = new HashSet<TaskId>();
        var index = 0;
        foreach (var element in ids.EnumerateArray())
        {
            if (Read(element) is not { } id)
            {
                return Wrong(ApiErrors.InvalidTaskId() with { Param = $"{Field}[{index}]" });
            }

            if (seen.Add(id))
            {
                asked.Add(id);
            }

            index++;
        }

        return new(asked, null);
    }

    private static TaskId? Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return element.GetString() is { } text && TaskId.IsValid(text) ? new(text) : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is JSON but no text.
            return null;
        }
    }

    private static TaskBatchRequest Wrong(ApiError error) => new([], error);
}
