namespace Platform.Postgres;

/// <summary>How a server of a test or a benchmark is set up.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>
    /// Whether a commit waits for the disk (<c>fsync</c> and <c>synchronous_commit</c> on). Off by default: a killed process loses nothing
    /// by it, only a machine that loses its power does, and tests are several times faster. On for what is measured.
    /// </summary>
    public bool Durable { get; init; }

    /// <summary>Further settings of <c>postgresql.conf</c>, by name; they win over those made here.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>All settings, in the order in which the server reads them.</summary>
    internal IEnumerable<KeyValuePair<string, string>> All(int port)
    {
        var durability = Durable ? "on" : "off";
        return new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = string.Empty,
            ["max_connections"] = "200",
            ["shared_buffers"] = "128MB",
            ["fsync"] = durability,
            ["synchronous_commit"] = durability,
            ["full_page_writes"] = durability,

            // A restart must not wait for a spread checkpoint, and a test's database is never worth archiving.
            ["checkpoint_timeout"] = "30min",
            ["max_wal_size"] = "2GB",
            ["wal_level"] = "minimal",
            ["max_wal_senders"] = "0",
            ["log_min_messages"] = "warning",
        }.Concat(Settings);
    }
}
