using System.ComponentModel.DataAnnotations;

namespace Platform.Storage.Postgres;

/// <summary>Settings of the store on PostgreSQL. Durability is the database's own: <c>synchronous_commit</c> is set on for every connection.</summary>
public sealed class PostgresStoreOptions
{
    /// <summary>
    /// How the database is reached, as Npgsql reads it. Required. Several hosts may be named (<c>Host=a,b</c>): the primary among them is
    /// used, so that a fail-over needs no change. What it says of time-outs and of the size of the pool is overridden by the settings below.
    /// </summary>
    [Required]
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>
    /// Connections that commit, 1–64 lanes; 2 unless set. A tenant is always on the same lane. Each lane has one transaction under way, so
    /// that more lanes use more processors of the database and wait less for each other's flush, but make smaller groups and more flushes.
    /// </summary>
    [Range(1, 64)]
    public int Lanes { get; set; } = 2;

    /// <summary>
    /// Most units that share a transaction, 1–1024 units; 128 unless set. Units wait only for the transaction before theirs, so a larger
    /// number makes fewer flushes under load and never a wait in quiet times; a smaller one bounds how long one transaction lasts.
    /// </summary>
    [Range(1, 1024)]
    public int GroupSize { get; set; } = 128;

    /// <summary>
    /// Most connections of this process beside the lanes, 1–500 connections; 16 unless set. All processes together must stay below the
    /// database's <c>max_connections</c>.
    /// </summary>
    [Range(1, 500)]
    public int Connections { get; set; } = 16;

    /// <summary>How long a connection may take to be made, 1–60 s; 5 s unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one statement may take, 1 s – 10 min; 10 s unless set. A commit that takes longer has an unknown outcome and is told as such.
    /// Audits are not bounded by it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a write that was not sent yet, or a read, is tried again while the database cannot be reached, 0–120 s; 15 s unless set:
    /// a fail-over should fit, and a caller of the API waits 20 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:02:00")]
    public TimeSpan FailoverPatience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How many months ahead have their partitions, 1–12 months; 2 unless set. They are made at migration and looked after every few
    /// hours; a month without partitions is written to the default ones.
    /// </summary>
    [Range(1, 12)]
    public int MonthsAhead { get; set; } = 2;
}
