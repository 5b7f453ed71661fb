using Platform.Domain.Tasks;

namespace Platform.Domain.Routing;

/// <summary>Whether an upstream charges us for an attempt.</summary>
public enum ChargeKind
{
    /// <summary>It made an output that the task went on with.</summary>
    Made = 1,

    /// <summary>It made an output after the task had ended; nobody is billed for it.</summary>
    Late = 2,

    /// <summary>The task ended while nobody knew what the upstream would do; the amount is what it may come to.</summary>
    Possible = 3,

    /// <summary>It was <see cref="Possible"/>, and turned out to be nothing.</summary>
    None = 4,
}

/// <summary>What an attempt costs us, one for each attempt that may cost anything.</summary>
/// <param name="AttemptId">The attempt.</param>
/// <param name="Task">Its task.</param>
/// <param name="Account">The provider account, see <see cref="ProviderAccount.Key"/>.</param>
/// <param name="RouteId">The route.</param>
/// <param name="Kind">Whether it is charged.</param>
/// <param name="CostUsd">US dollars, to six decimals.</param>
/// <param name="At">When it became known.</param>
/// <param name="CheckAt">When the upstream is to be asked again whether it charges; null for never.</param>
public sealed record UpstreamCharge(
    string AttemptId, TaskKey Task, string Account, string RouteId, ChargeKind Kind, decimal CostUsd, DateTimeOffset At, DateTimeOffset? CheckAt);

/// <summary>What a commit of a task does to the books of the upstreams; the same for every store.</summary>
/// <param name="Takes">A slot that it takes: the fence.</param>
/// <param name="Frees">Whether the slot of the task, where it had one, is free afterwards.</param>
/// <param name="Charges">Charges that it brings or changes.</param>
public sealed record UpstreamEffects(HeldSlot? Takes, bool Frees, IReadOnlyList<UpstreamCharge> Charges)
{
    /// <summary>When an attempt that was given up is asked after first; later in growing pauses.</summary>
    public static readonly TimeSpan FirstCheck = TimeSpan.FromMinutes(1);

    private const int CostDecimals = 6;

    /// <summary>The effects of the events of one commit.</summary>
    /// <param name="after">The task after them.</param>
    /// <param name="events">The events.</param>
    public static UpstreamEffects Of(GenerationTask after, IReadOnlyCollection<TaskEvent> events)
    {
        HeldSlot? takes = null;
        var frees = false;
        List<UpstreamCharge>? charges = null;
        foreach (var happened in events)
        {
            switch (happened)
            {
                case TaskEvent.AttemptStarted { Slot: { } number } e:
                    takes = new(new(ProviderAccount.Key(e.Upstream, e.Account), number), new(after.Tenant, after.Id), e.AttemptId, e.At);
                    break;
                case TaskEvent.OutputReady e:
                    frees = true;
                    Add(e.AttemptId, ChargeKind.Made, e.At);
                    break;
                case TaskEvent.LateOutput e:
                    Add(e.AttemptId, ChargeKind.Late, e.At);
                    break;
                case TaskEvent.AbandonedCleared e:
                    Add(e.AttemptId, ChargeKind.None, e.At);
                    break;
                case TaskEvent.Failed or TaskEvent.Cancelled:
                    frees = true;
                    if (after.Attempts.LastOrDefault() is { Ending: AttemptEnding.Abandoned, CostUsd: null } given && given.EndedAt == happened.At)
                    {
                        Add(given.Id, ChargeKind.Possible, happened.At);
                    }

                    break;
                case TaskEvent.AttemptRefused or TaskEvent.AttemptFailed or TaskEvent.Completed:
                    frees = true;
                    break;
                default:
                    break;
            }
        }

        return new(takes, frees && after.Attempts.Any(a => a.Slot is not null), charges ?? (IReadOnlyList<UpstreamCharge>)[]);

        void Add(string attemptId, ChargeKind kind, DateTimeOffset at)
        {
            if (after.Attempts.FirstOrDefault(a => string.Equals(a.Id, attemptId, StringComparison.Ordinal)) is not { } attempt)
            {
                return;
            }

            var cost = kind switch
            {
                ChargeKind.None => 0m,
                ChargeKind.Possible => Cost(attempt, after.ReservedSeconds),
                _ => attempt.CostUsd ?? 0m,
            };
            (charges ??= []).Add(new(
                attemptId,
                new(after.Tenant, after.Id),
                ProviderAccount.Key(attempt.Upstream, attempt.Account),
                attempt.RouteId,
                kind,
                cost,
                at,
                kind == ChargeKind.Possible ? at + FirstCheck : null));
        }
    }

    /// <summary>What so many seconds of an attempt cost us, in US dollars to six decimals, half away from zero.</summary>
    public static decimal Cost(Attempt attempt, decimal seconds) =>
        Math.Round(attempt.CostPerSecondUsd * seconds, CostDecimals, MidpointRounding.AwayFromZero);
}
