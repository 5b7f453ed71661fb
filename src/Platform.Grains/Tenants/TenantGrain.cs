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
    TimeProvider time,
    IOptions<GrainOptions> options,
    ILogger<TenantGrain> logger) : Grain, ITenantGrain
{
    // A lost fence that names this command is answered by looking again; more rounds than these mean that the store contradicts itself.
    private const int MaxRounds = 5;

    // What a dead predecessor may not have answered: its last fractions of a second, as a rule.
    private const int MaxUnanswered = 2000;

    private readonly KeyedTurns _turns = new();
    private readonly OpenAnswers _answers = new(time, options.Value);
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
        _commits = new(account, accounts, time, options.Value, WakeTasks, GiveUp, _answers.AnsweredThrough);
        await LoadUnansweredAsync(account, cancellationToken);
        if (id.IsTestWorkspace && account.Available < TestCredits.TopUpBelow)
        {
            await GrantTestCreditsAsync(account);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_commits is not { IsBroken: false } || !(time.GetUtcNow() - _answers.LastAskedAt < _answers.Window))
        {
            return;
        }

        var account = _commits.Committed;
        var answeredThrough = _answers.AnsweredThrough(account.Version);
        if (answeredThrough <= account.AnsweredThrough)
        {
            return;
        }

        // What this activation knows of answers would go with it, and a successor would take new wishes for lost ones.
        try
        {
            await accounts.CommitAsync(
                new() { Tenant = account.Tenant, ExpectedVersion = account.Version, After = account with { AnsweredThrough = answeredThrough }, Entries = [] },
                cancellationToken);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogAnswersNotKept(logger, error, account.Tenant);
        }
    }

    public async Task<ResolveReply> Resolve(ResolveTask command)
    {
        var task = await tasks.FindAsync(_tenant.Id, command.TaskId, CancellationToken.None)
            ?? throw new InvalidOperationException($"There is no task {command.TaskId}.");
        faults.Reach(FaultPoint.BeforeSettle);
        var reply = await _commits.ExecuteAsync(new ResolveOperation(command, task, Limits, ids, tasks));
        faults.Reach(FaultPoint.AfterSettle);
        return reply;
    }

    public async Task<BookReply> Grant(GrantCredits command)
    {
        using var turn = await _turns.EnterAsync("grant:" + command.GrantId, Timeout.InfiniteTimeSpan, time);
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

    // Play money: named after the entry that it follows, so that two activations at once book it once.
    private Task<BookReply?> GrantTestCreditsAsync(Account account) => _commits.ExecuteAsync(new GrantOperation(
        new() { GrantId = $"grt_test_{account.Version}", Amount = TestCredits.Grant, Note = TestCredits.Note }, _tenant.Id, booked: null, accounts));

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was answered of the tasks of {Tenant} could not be kept; the same bodies may be replayed for some minutes")]
    private static partial void LogAnswersNotKept(ILogger logger, Exception error, TenantId tenant);

    [LoggerMessage(Level = LogLevel.Error, Message = "The account of {Tenant} could not be committed; its grain starts anew from the store")]
    private static partial void LogGivenUp(ILogger logger, Exception error, TenantId tenant);
}
