using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Credits;

/// <summary>What an account can be told to do. Every command carries the time at which it is decided.</summary>
public abstract record AccountCommand
{
    private AccountCommand()
    {
    }

    /// <summary>When it is decided.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Money in: a grant of credits, which becomes a lot.</summary>
    public sealed record Grant : AccountCommand
    {
        /// <summary>Id of the grant; unique in the account.</summary>
        public required string GrantId { get; init; }

        /// <summary>Credits; more than zero.</summary>
        public required CreditAmount Amount { get; init; }

        /// <summary>When what is left of it expires; null for never.</summary>
        public DateTimeOffset? ExpiresAt { get; init; }

        /// <summary>Why, for the statement.</summary>
        public string? Note { get; init; }
    }

    /// <summary>A correction by an operator, up or down.</summary>
    public sealed record Adjust : AccountCommand
    {
        /// <summary>Id of the correction; also the grant id of the lot that an upward one makes.</summary>
        public required string AdjustmentId { get; init; }

        /// <summary>Credits; not zero. A negative amount takes available credits, never held ones.</summary>
        public required CreditAmount Amount { get; init; }

        /// <summary>Why, for the statement.</summary>
        public required string Reason { get; init; }
    }

    /// <summary>Sets credits aside for a task.</summary>
    public sealed record Reserve : AccountCommand
    {
        /// <summary>The task.</summary>
        public required TaskId TaskId { get; init; }

        /// <summary>Credits; zero or more.</summary>
        public required CreditAmount Amount { get; init; }

        /// <summary>How many tasks may be in flight and wait.</summary>
        public required AdmissionLimits Limits { get; init; }
    }

    /// <summary>Ends a task's hold: some of it is earned, the rest goes back.</summary>
    public sealed record Resolve : AccountCommand
    {
        /// <summary>The task.</summary>
        public required TaskId TaskId { get; init; }

        /// <summary>Credits earned; at most what is held. Zero unless the task completed.</summary>
        public required CreditAmount Settle { get; init; }

        /// <summary>How many tasks may be in flight and wait: the place that becomes free is given on.</summary>
        public required AdmissionLimits Limits { get; init; }
    }

    /// <summary>Books the expiry of lots whose time has come.</summary>
    public sealed record ExpireLots : AccountCommand;
}
