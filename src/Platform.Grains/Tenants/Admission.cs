using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Grains.Tenants;

/// <summary>What a request would do to an account, and what its caller is told.</summary>
/// <param name="Events">Events of the account; none where the request is refused.</param>
/// <param name="Reply">Accepted, or why not.</param>
internal readonly record struct AdmissionPlan(ImmutableArray<AccountEvent> Events, AcceptReply Reply)
{
    public bool IsAccepted => Reply.Outcome == AcceptOutcome.Accepted;
}

/// <summary>A request to be accepted, with all that its decision rests on besides the account.</summary>
/// <param name="command">The request.</param>
/// <param name="tenant">Whose it is.</param>
/// <param name="model">The model.</param>
/// <param name="price">The price that holds, where the request has no quote.</param>
/// <param name="mayServe">Whether any route could ever serve it.</param>
/// <param name="lease">When a sweeper is to look after the task.</param>
internal sealed class Admission(
    AcceptTask command, Tenant tenant, ModelDefinition model, PriceSnapshot price, bool mayServe, TimeSpan lease)
{
    private readonly Reservation _reservation = Reservation.Of(
        command.Terms?.Quote?.Price ?? price, command.Request.CharacterOrientation, command.InspectedSeconds);

    public AcceptTask Command => command;

    public CreditAmount Credits => _reservation.Credits;

    /// <summary>Decides on an account.</summary>
    public AdmissionPlan Plan(Account account, AdmissionLimits limits, DateTimeOffset now)
    {
        if (command.Terms?.Quote?.ExpiresAt <= now)
        {
            return Refuse(AcceptOutcome.QuoteExpired);
        }

        if (command.Terms?.Quote is { } quote && Credits > quote.Credits)
        {
            return Refuse(AcceptOutcome.AboveQuote, quote.Credits);
        }

        if (command.Terms?.MaxCredits is { } allowed && Credits > allowed)
        {
            return Refuse(AcceptOutcome.AboveLimit, allowed);
        }

        if (!mayServe)
        {
            return Refuse(AcceptOutcome.NoAvailableChannel);
        }

        var decision = AccountDecider.Decide(
            account, new AccountCommand.Reserve { TaskId = command.TaskId, Amount = Credits, Limits = limits, Now = now });
        return decision.Refusal switch
        {
            null => new(decision.Events, Accepted(now)),
            AccountRefusal.InsufficientCredits refusal => Refuse(AcceptOutcome.InsufficientCredits, refusal.Available),
            AccountRefusal.QueueFull => Refuse(AcceptOutcome.QueueFull),
            var refusal => throw new InvalidOperationException($"The account refused a hold of {Credits}: {refusal}"),
        };
    }

    /// <summary>Refuses a request for what its batch may reserve.</summary>
    public static AdmissionPlan RefuseAbove(CreditAmount needed, CreditAmount allowed) => new(
        [], new() { Outcome = AcceptOutcome.AboveLimit, Credits = needed, Available = allowed });

    /// <summary>The task, given the account after its events.</summary>
    public AcceptedTask Accept(Account after, DateTimeOffset now, string? bodyDigest, string? batchId, IdempotencyRecord? idempotency)
    {
        var hold = after.Holds[command.TaskId];
        var task = new GenerationTask
        {
            Tenant = tenant.Id,
            Id = command.TaskId,
            Version = 1,
            CreatedAt = now,
            ApiKeyId = command.ApiKeyId,
            BodyDigest = bodyDigest,
            BatchId = batchId,
            Request = command.Request,
            Price = _reservation.Price,
            MayUseSandbox = tenant.MayUseSandbox,
            ReservedSeconds = _reservation.ReservedSeconds,
            InspectedSeconds = command.InspectedSeconds,
            CreditsReserved = Credits,
            QueueDeadline = now + model.QueueTimeout,
            GenerationTimeout = model.GenerationTimeout,
            EstimatedSeconds = model.EstimatedSeconds,
            Phase = new TaskPhase.Accepted(),
        };
        return new(
            task,
            [new TaskEvent.Accepted(Credits, _reservation.ReservedSeconds, hold.Queued) { At = now }],
            hold,
            hold.Queued ? task.QueueDeadline : now + lease,
            idempotency);
    }

    private AcceptReply Accepted(DateTimeOffset at) => new()
    {
        Outcome = AcceptOutcome.Accepted,
        TaskId = command.TaskId,
        CreatedAt = at,
        Credits = Credits,
        UserGroup = _reservation.Price.UserGroup,
    };

    private AdmissionPlan Refuse(AcceptOutcome outcome, CreditAmount available = default) =>
        new([], new() { Outcome = outcome, Credits = Credits, Available = available });
}
