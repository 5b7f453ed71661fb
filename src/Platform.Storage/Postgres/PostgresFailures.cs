using Npgsql;

namespace Platform.Storage.Postgres;

/// <summary>What a failure says of the statement that met it.</summary>
internal static class PostgresFailures
{
    /// <summary>
    /// Whether the server refused the transaction and rolled it back. Anything else (a connection that broke, a time-out, a server that shut
    /// the connection down) says nothing about a commit that was sent: it may have been written.
    /// </summary>
    public static bool WasRolledBack(Exception exception) =>
        exception is PostgresException { InvariantSeverity: "ERROR" } refused && !refused.SqlState.StartsWith("57P", StringComparison.Ordinal);

    /// <summary>Whether the transaction was rolled back only because of others: the same again may succeed at once.</summary>
    public static bool IsCollision(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable,
    };

    /// <summary>Whether the database could not be reached, or went away: what harms nobody when it is done twice may be tried again.</summary>
    public static bool IsOutage(Exception exception) => exception switch
    {
        PostgresException refused => refused.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ReadOnlySqlTransaction
            || refused.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException broken => broken.IsTransient || broken.InnerException is IOException or System.Net.Sockets.SocketException,
        _ => false,
    };
}
