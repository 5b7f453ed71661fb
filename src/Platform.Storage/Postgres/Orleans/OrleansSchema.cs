using Npgsql;

namespace Platform.Storage.Postgres;

/// <summary>
/// The tables and statements that the ADO.NET providers of Orleans need, in a schema of their own beside the store's. They read their
/// statements once, at their start, so that a newer schema may be put in place while silos of an older program run.
/// </summary>
public static class OrleansSchema
{
    private const string Name = "orleans";
    private const string Script = "orleans.sql";

    // Membership is a row a few seconds, reminders sixteen rows: a handful of connections, kept apart from the store's.
    private const int MaxConnections = 8;

    /// <summary>How the providers reach their schema in the database of a store.</summary>
    /// <param name="store">The store's connection string.</param>
    public static string ConnectionString(string store) => new NpgsqlConnectionStringBuilder(store)
    {
        SearchPath = Name,
        MaxPoolSize = MaxConnections,
        ApplicationName = "platform-orleans",
    }.ConnectionString;

    /// <summary>
    /// Puts the schema in place; repeating it changes nothing. Two at once would collide: whoever calls it holds the store's lock for
    /// migrations.
    /// </summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var assembly = typeof(OrleansSchema).Assembly;
        await using var resource = assembly.GetManifestResourceStream(Script)
            ?? throw new InvalidOperationException($"{Script} is not in {assembly.GetName().Name}.");
        using var reader = new StreamReader(resource);
#pragma warning disable CA2100 // The text is a resource of this assembly.
        await using var command = new NpgsqlCommand(await reader.ReadToEndAsync(cancellationToken), connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
