using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Api.Tasks.Listing;

/// <summary>What a list of tasks is asked for.</summary>
/// <param name="Query">The filters, and where the list begins.</param>
/// <param name="Page">Number of the page from 1, where pages are asked for; else null.</param>
internal readonly record struct TaskListParameters(TaskQuery Query, int? Page)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;
    private const int MaxPageSize = 50;
    private const int MaxPage = 10_000;
    private const int MaxMetadataPairs = 16;

    /// <summary>Reads the parameters; a violation is the reader's.</summary>
    public static TaskListParameters Read(QueryReader reader, TenantId tenant, ICatalog catalog)
    {
        var limit = reader.Number("limit", DefaultLimit, 1, MaxLimit);
        var page = reader.Number("page", 1, 1, MaxPage);
        var pageSize = reader.Number("page_size", DefaultLimit, 1, MaxPageSize);
        var status = reader.Parsed("status", StatusName.Parse, "pending, processing, completed, failed or cancelled");
        var after = reader.Parsed("after", TaskCursors.Parse, "the 'next' of a page before");
        var byPages = reader.Has("page") || reader.Has("page_size");
        if (byPages && reader.Has("after"))
        {
            reader.Refuse("after", "cannot be used together with 'page' or 'page_size'; a list goes either by 'after' or by pages");
        }

        if (byPages && reader.Has("limit"))
        {
            reader.Refuse("limit", "cannot be used together with 'page' or 'page_size'; use 'page_size' for the length of a page");
        }

        var query = new TaskQuery
        {
            Tenant = tenant,
            Limit = byPages ? pageSize : limit,
            After = after,
            Status = status,
            Model = reader.Text("model"),
            AnyOfModels = ModelsOf(reader, catalog),
            EndUser = reader.Text("end_user"),
            Metadata = reader.Pairs("metadata.", MaxMetadataPairs).ToImmutableDictionary(StringComparer.Ordinal),
            From = reader.Time("from"),
            To = reader.Time("to"),
        };
        reader.Finish();
        return new(query, byPages ? page : null);
    }

    // A type stands for the models that make it. Null where that is all of them: then there is nothing to look for.
    private static List<string>? ModelsOf(QueryReader reader, ICatalog catalog)
    {
        if (reader.Text("type") is not { } type)
        {
            return null;
        }

        var models = catalog.Models.Where(m => string.Equals(m.OutputType, type, StringComparison.Ordinal)).Select(m => m.Id).ToList();
        if (models.Count == 0)
        {
            reader.Refuse("type", $"must be one of {string.Join(", ", catalog.Models.Select(m => m.OutputType).Distinct(StringComparer.Ordinal))}");
        }

        return models.Count == catalog.Models.Count ? null : models;
    }
}
