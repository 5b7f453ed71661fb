using System.ComponentModel.DataAnnotations;

namespace Platform.Storage.Sqlite;

/// <summary>Settings of the store on SQLite.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>The database file; its folder is made where it is missing. Required. Beside it lie a <c>-wal</c> and a <c>-shm</c> file.</summary>
    [Required]
    public string Path { get; set; } = string.Empty;

    /// <summary>
    /// Most units that share a transaction, 1–4096 units; 256 unless set. Units wait only for the transaction before theirs, so a larger
    /// number makes fewer flushes under load and never a wait in quiet times; a smaller one bounds how long one transaction lasts.
    /// </summary>
    [Range(1, 4096)]
    public int GroupSize { get; set; } = 256;

    /// <summary>Connections that read, 1–64 connections; 4 unless set. More than processors only helps where reads wait for the disk.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 4;

    /// <summary>
    /// Tasks that were read lately and are kept in memory, 0–1,000,000 tasks; 8,192 unless set, which takes up to some 50 MB where
    /// all are full. More answers more polls without a look at the file; 0 keeps none.
    /// </summary>
    [Range(0, 1_000_000)]
    public int CachedTasks { get; set; } = 8192;

    /// <summary>
    /// How long a write waits while another process has the file locked, 0–60 s; 5 s unless set. Only maintenance tools have it locked.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Pages of the log after which they are copied into the database, 100–1,000,000 pages of 4 KiB; 16,384 (64 MiB) unless set. More
    /// makes fewer copies, because a page that changes often is copied once, but a longer log on disk and to read after a crash.
    /// </summary>
    [Range(100, 1_000_000)]
    public int CheckpointPages { get; set; } = 16_384;
}
