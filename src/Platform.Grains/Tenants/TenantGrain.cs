using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;
using Platform.Grains.Faults;
using Platform.Grains.Webhooks;

namespace Platform.Grains.Tenants;

/// <summary>The shell around a tenant's account: reads what a decision needs, commits in groups, wakes the tasks concerned.</summary>
[Reentrant]
internal sealed partial class TenantGrain(
    IAccountStore accounts,
    ITaskStore tasks,
    ITenantStore tenants,
    ICatalog catalog,
    IRouteTable routes,
    IIdSource ids,
    IFaultPoints faults,
    OutboxSignal outbox,
    TimeProvider time,
    IOptions<GrainOptions> options,
    ILogger<TenantGrain> logger) : Grain, ITenantGrain
{
    // A lost fence that names this command is answered by looking again; more rounds than these mean that the store contradicts itself.
    private const int MaxRounds = 5;

    private readonly KeyedTurns _turns = new();
    private Tenant _tenant = null!;
    private GroupCommit _commits = null!;
    private bool _mayUseSandbox;

    private AdmissionLimits Limits => new(options.Value.TasksInFlight, options.Value.QueueLength);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var id = new TenantId(this.GetPrimaryKeyString());
        var owner = await tenants.FindTenantAsync(id.Owner, cancellationToken)
            ?? throw new InvalidOperationException($"There is no tenant {id}.");
        _tenant = id.IsTestWorkspace ? owner.ForTests() : owner;
        _mayUseSandbox = _tenant.MayUseSandbox || options.Value.SandboxServesEveryone;
        var account = await accounts.LoadAsync(id, cancellationToken);
        _commits = new(account, accounts, time, options.Value, WakeTasks, GiveUp);
        if (id.IsTestWorkspace && account.Available < TestCredits.TopUpBelow)
        {
            await GrantTestCreditsAsync(account);
        }
    }

    public async Task<AcceptReply> Accept(AcceptTask command)
    {
        // One body per idempotency key at a time: the second waits for the first one's commit and replays it.
        using var turn = command.IdempotencyKey is { } key ? await _turns.EnterAsync("key:" + key) : null;
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await FindEarlierAsync(command, mayBeCommitted: round > 0) is { } earlier)
            {
                return earlier;
            }

            var model = catalog.FindModel(command.Request.Model)
                ?? throw new InvalidOperationException($"Model {command.Request.Model} was not validated.");
            var price = PriceSnapshot.Of(
                model.PriceAt(time.GetUtcNow()),
                command.Request.Quality,
                _tenant.Group,
                catalog.GroupMultiplier(_tenant.Group, model.Id));
            var choice = Router.Choose(
                routes.Routes,
                new(model.Id, command.Request.Quality, price.UnitPriceUsd, _mayUseSandbox, _tenant.Id.IsTestWorkspace)
                {
                    At = time.GetUtcNow(),
                    Regions = routes.RegionsOf(_tenant.Id.Owner),
                });
            if (!choice.MayServe)
            {
                LogNoRoute(logger, _tenant.Id, model.Id, string.Join("; ", choice.Rejections.Select(r => $"{r.RouteId}: {r.Reason}")));
                return await FindAcceptedAsync(command.TaskId) ?? new() { Outcome = AcceptOutcome.NoAvailableChannel };
            }

            var operation = new AcceptOperation(
                command, _tenant with { MayUseSandbox = _mayUseSandbox }, model, price, Limits, options.Value.TaskLease);
            if (await _commits.ExecuteAsync(operation) is { } reply)
            {
                if (reply.Outcome != AcceptOutcome.Accepted)
                {
                    // A command that was accepted before, and whose reply was lost, is never refused: not for want of the credits that
                    // it took itself, nor because prices, routes or places have changed since.
                    return await FindAcceptedAsync(command.TaskId) ?? reply;
                }

                faults.Reach(FaultPoint.Accepted);
                return reply;
            }
        }

        throw new InvalidOperationException($"Task {command.TaskId} can neither be accepted nor found.");
    }

    public async Task<ResolveReply> Resolve(ResolveTask command)
    {
        var task = await tasks.FindAsync(_tenant.Id, command.TaskId, CancellationToken.None)
            ?? throw new InvalidOperationException($"There is no task {command.TaskId}.");
        faults.Reach(FaultPoint.BeforeSettle);
        var reply = await _commits.ExecuteAsync(new ResolveOperation(command, task, Limits, ids, tasks));
        outbox.Raise();
        faults.Reach(FaultPoint.AfterSettle);
        return reply;
    }

    public async Task<BookReply> Grant(GrantCredits command)
    {
        using var turn = await _turns.EnterAsync("grant:" + command.GrantId);
        for (var round = 0; round < MaxRounds; round++)
        {
            var booked = await accounts.FindEntryAsync(_tenant.Id, LedgerEntryKind.Grant, command.GrantId, CancellationToken.None);
            if (await _commits.ExecuteAsync(new GrantOperation(command, _tenant.Id, booked, accounts)) is { } reply)
            {
                return reply;
            }
        }

        throw new InvalidOperationException($"Grant {command.GrantId} can neither be booked nor found.");
    }

    public Task<Balance> GetBalance()
    {
        var account = _commits.Committed;
        return Task.FromResult(new Balance
        {
            Available = account.SpendableAt(time.GetUtcNow()),
            Held = account.Held,
            Settled = account.Settled,
        });
    }

    /// <summary>The answer to a command whose key was used, or which was committed before, or null.</summary>
    private async Task<AcceptReply?> FindEarlierAsync(AcceptTask command, bool mayBeCommitted)
    {
        if (command.IdempotencyKey is { } key)
        {
            var notBefore = time.GetUtcNow() - IdempotencyRecord.Retention;
            if (await tasks.FindIdempotencyKeyAsync(_tenant.Id, key, notBefore, CancellationToken.None) is { } record
                && record.TaskId != command.TaskId)
            {
                return string.Equals(record.BodyDigest, command.BodyDigest, StringComparison.Ordinal)
                    ? new() { Outcome = AcceptOutcome.Replayed, TaskId = record.TaskId }
                    : new() { Outcome = AcceptOutcome.IdempotencyConflict };
            }
        }

        // Only a repeated command can have been committed before; the account or a lost fence says so, and the first round need not look.
        return mayBeCommitted ? await FindAcceptedAsync(command.TaskId) : null;
    }

    // Play money: named after the entry that it follows, so that two activations at once book it once.
    private Task<BookReply?> GrantTestCreditsAsync(Account account) => _commits.ExecuteAsync(new GrantOperation(
        new() { GrantId = $"grt_test_{account.Version}", Amount = TestCredits.Grant, Note = TestCredits.Note }, _tenant.Id, booked: null, accounts));

    private async Task<AcceptReply?> FindAcceptedAsync(TaskId id) => await tasks.FindAsync(_tenant.Id, id, CancellationToken.None) is { } task
        ? new()
        {
            Outcome = AcceptOutcome.Accepted,
            TaskId = task.Id,
            CreatedAt = task.CreatedAt,
            Credits = task.CreditsReserved,
            UserGroup = task.Price.UserGroup,
        }
        : null;

    private void WakeTasks(AccountUnit unit)
    {
        foreach (var accepted in unit.Accepted)
        {
            if (!accepted.Hold.Queued)
            {
                Wake(accepted.Task.Id);
            }
        }

        foreach (var promoted in unit.Promoted)
        {
            Wake(promoted.TaskId);
        }
    }

    // One way, and safe to lose: a sweeper finds the task by its due time.
    private void Wake(TaskId task) => _ = GrainFactory.GetGrain<ITaskGrain>(TaskGrainKey.Format(_tenant.Id, task)).Wake();

    private void GiveUp(Exception error)
    {
        LogGivenUp(logger, error, _tenant.Id);
        DeactivateOnIdle();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No route could ever serve a task of {Tenant} for {Model}: {Reasons}")]
    private static partial void LogNoRoute(ILogger logger, TenantId tenant, string model, string reasons);

    [LoggerMessage(Level = LogLevel.Error, Message = "The account of {Tenant} could not be committed; its grain starts anew from the store")]
    private static partial void LogGivenUp(ILogger logger, Exception error, TenantId tenant);
}
