using System.Collections.Concurrent;
using System.Globalization;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Tests.Credits;

/// <summary>
/// Drives an account and its naive double through the same steps, with a store between that refuses an operation which was booked
/// before, and compares everything after every step.
/// </summary>
internal sealed class AccountRun
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly AccountRules _rules;
    private readonly NaiveAccount _naive = new();
    private readonly List<LedgerEntry> _ledger = [];
    private readonly HashSet<(LedgerEntryKind Kind, string Operation)> _operations = [];
    private readonly List<AccountCommand> _commands = [];
    private readonly Dictionary<string, (long Amount, long Expiry)> _granted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ends = new(StringComparer.Ordinal);
    private Account _account = Account.Open(new("ten_x"));
    private DateTimeOffset _now = Start;
    private int _booked;
    private int _expiries;
    private decimal _grants;
    private decimal _available;
    private decimal _held;
    private decimal _revenue;
    private decimal _expired;

    private AccountRun(AccountRules rules) => _rules = rules;

    /// <summary>The first thing that is wrong, or null.</summary>
    /// <param name="rules">The rules that are tested.</param>
    /// <param name="steps">What is done.</param>
    /// <param name="reached">Counts what the steps came to, so that a test can tell whether they tested anything.</param>
    public static string? FirstViolation(AccountRules rules, IReadOnlyList<AccountStep> steps, ConcurrentDictionary<string, int>? reached = null)
    {
        var run = new AccountRun(rules);
        for (var i = 0; i < steps.Count; i++)
        {
            try
            {
                if (run.Violation(steps[i], reached) is { } violation)
                {
                    return $"step {i}, {steps[i]}: {violation}";
                }
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or KeyNotFoundException or OverflowException)
            {
                return $"step {i}, {steps[i]}: threw {e.Message}";
            }
        }

        return null;
    }

    private static string Describe(AccountRefusal refusal) => refusal switch
    {
        AccountRefusal.InsufficientCredits r => $"insufficient {r.Needed.Units} {r.Available.Units}",
        AccountRefusal.QueueFull r => $"full {r.Admission.InFlight} {r.Admission.Waiting}",
        AccountRefusal.NoOpenHold r => $"no hold {r.TaskId}",
        AccountRefusal.InvalidAmount r => $"invalid {r.Amount.Units}",
        _ => throw new InvalidOperationException("Unknown refusal."),
    };

    private static long Tick(DateTimeOffset? expiry) => expiry?.UtcTicks ?? NaiveAccount.Never;

    private static string Show(IEnumerable<KeyValuePair<long, long>> purses) =>
        string.Join(' ', purses.OrderBy(p => p.Key).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}:{p.Value}")));

    private static IEnumerable<KeyValuePair<long, long>> Purses(IEnumerable<(DateTimeOffset? Expiry, CreditAmount Amount)> parts) =>
        parts.GroupBy(p => Tick(p.Expiry)).Select(g => KeyValuePair.Create(g.Key, g.Sum(p => p.Amount.Units)));

    private string? Violation(AccountStep step, ConcurrentDictionary<string, int>? reached)
    {
        if (Command(step) is not { } command)
        {
            return null;
        }

        _commands.Add(command);
        var (inFlightBefore, versionBefore) = (_account.InFlight, _account.Version);
        var expected = Naive(command);
        var actual = Commit(command, out var events);
        reached?.AddOrUpdate($"{command.GetType().Name} {actual.Split(' ')[0]}", 1, (_, n) => n + 1);
        if (actual != expected)
        {
            return $"{command} gave '{actual}' where the double says '{expected}'";
        }

        foreach (var happened in events)
        {
            reached?.AddOrUpdate(
                happened is AccountEvent.LotExpired { TaskId: not null } ? "late release" : happened.GetType().Name, 1, (_, n) => n + 1);
        }

        var places = command switch
        {
            AccountCommand.Reserve c => c.Limits.TasksInFlight,
            AccountCommand.Resolve c => c.Limits.TasksInFlight,
            _ => int.MaxValue,
        };
        if (events.Count > 0 && _account.Version == versionBefore)
        {
            return $"{command} changed the account without an entry: nothing fences its commit";
        }

        return Admission(events, inFlightBefore, places) ?? Money() ?? Books() ?? Ends(events) ?? Repeat(command, actual);
    }

    private AccountCommand? Command(AccountStep step)
    {
        var limits = new AdmissionLimits(step.Places, step.Queue);
        switch (step.Kind)
        {
            case AccountStepKind.Grant:
                return new AccountCommand.Grant
                {
                    GrantId = $"g{step.Name}",
                    Amount = GrantAmount(step.Portion),
                    ExpiresAt = step.Hours > 5 ? null : _now.AddHours(step.Hours),
                    Now = _now,
                };
            case AccountStepKind.Adjust:
                var change = step.Portion % 2 == 0 ? GrantAmount(step.Portion) : -Part(_naive.Available, step.Portion);
                return new AccountCommand.Adjust { AdjustmentId = $"a{step.Name}", Amount = change, Reason = "r", Now = _now };
            case AccountStepKind.Reserve:
                return new AccountCommand.Reserve
                {
                    TaskId = new($"{TaskId.Prefix}{step.Name % 20}"),
                    Amount = Part(_naive.Available, step.Portion < 14 ? step.Portion / 2 : step.Portion),
                    Limits = limits,
                    Now = _now,
                };
            case AccountStepKind.Resolve:
                var open = _naive.Holds.Keys.Order(StringComparer.Ordinal).ToList();
                var pick = step.Name % (open.Count + 1);
                var task = pick < open.Count ? open[pick] : $"{TaskId.Prefix}{step.Name % 20}";
                var held = pick < open.Count ? _naive.Holds[task].Values.Sum() : 0;
                return new AccountCommand.Resolve { TaskId = new(task), Settle = Part(held, step.Portion), Limits = limits, Now = _now };
            case AccountStepKind.ExpireLots:
                return new AccountCommand.ExpireLots { Now = _now };
            case AccountStepKind.MoveClock:
                _now = _now.AddHours(Math.Max(-1, step.Hours / 2));
                return null;
            default:
                if (_commands.Count == 0)
                {
                    return null;
                }

                var earlier = _commands[step.Name % _commands.Count];
                return step.Kind == AccountStepKind.RepeatNow ? earlier with { Now = _now } : earlier;
        }
    }

    /// <summary>Small amounts mostly, the smallest, some that are refused, and some about the limit.</summary>
    private static CreditAmount GrantAmount(int portion) => portion switch
    {
        0 => CreditAmount.FromUnits(1),
        1 => CreditAmount.Zero,
        2 => CreditAmount.From(-1),
        3 => CreditAmount.From(CreditAmount.Limit),
        4 => CreditAmount.From(CreditAmount.Limit / 2),
        _ => CreditAmount.FromUnits(portion * 1_000_003L),
    };

    /// <summary>A part of an amount: none to all, a little more than all, or less than none.</summary>
    private static CreditAmount Part(long units, int portion) => CreditAmount.FromUnits(portion switch
    {
        <= 10 => units / 10 * portion,
        < 15 => units,
        15 => Math.Min(units + 1, 9_000_000_000_000_000_000),
        16 => -1,
        _ => units / 3,
    });

    private string Naive(AccountCommand command)
    {
        var now = command.Now.UtcTicks;
        return command switch
        {
            AccountCommand.Grant c => _naive.Grant(c.GrantId, c.Amount.Units, Tick(c.ExpiresAt), now),
            AccountCommand.Adjust c => _naive.Adjust(c.AdjustmentId, c.Amount.Units, now),
            AccountCommand.Reserve c => _naive.Reserve(c.TaskId.Value, c.Amount.Units, c.Limits.TasksInFlight, c.Limits.QueueLength, now),
            AccountCommand.Resolve c => _naive.Resolve(c.TaskId.Value, c.Settle.Units, c.Limits.TasksInFlight, now),
            AccountCommand.ExpireLots => _naive.ExpireLots(now),
            _ => throw new InvalidOperationException("Unknown command."),
        };
    }

    /// <summary>Decides and commits as the store does: all of it, or nothing where an operation was booked before.</summary>
    private string Commit(AccountCommand command, out IReadOnlyList<AccountEvent> events)
    {
        events = [];
        var decision = _rules.Decide(_account, command);
        if (decision.Refusal is { } refusal)
        {
            return Describe(refusal);
        }

        if (decision.Events.IsEmpty)
        {
            return "nothing";
        }

        var after = _account;
        var entries = new List<LedgerEntry>();
        foreach (var happened in decision.Events)
        {
            after = _rules.Evolve(after, happened);
            if (Ledger.Entry(happened, after) is { } entry)
            {
                entries.Add(entry);
            }
        }

        var operations = entries.Select(e => (e.Kind, e.OperationId)).ToList();
        if (operations.Exists(_operations.Contains) || operations.Distinct().Count() < operations.Count)
        {
            return "lost";
        }

        _operations.UnionWith(operations);
        _ledger.AddRange(entries);
        _account = after;
        events = decision.Events;
        foreach (var granted in events.OfType<AccountEvent.Granted>())
        {
            _granted[granted.GrantId] = (granted.Amount.Units, Tick(granted.ExpiresAt));
        }

        foreach (var credited in events.OfType<AccountEvent.CreditedUp>())
        {
            _granted[credited.AdjustmentId] = (credited.Amount.Units, NaiveAccount.Never);
        }

        return "done";
    }

    private string? Admission(IReadOnlyList<AccountEvent> events, int inFlightBefore, int places)
    {
        if (!_account.Queue.Values.Select(t => t.Value).SequenceEqual(_naive.Waiting))
        {
            return $"{string.Join(' ', _account.Queue.Values)} wait; the double says {string.Join(' ', _naive.Waiting)}";
        }

        var promoted = events.OfType<AccountEvent.TaskPromoted>().Select(e => e.TaskId.Value);
        if (!promoted.SequenceEqual(_naive.LastPromoted))
        {
            return $"promoted {string.Join(' ', promoted)}; the double says {string.Join(' ', _naive.LastPromoted)}";
        }

        return _account.InFlight > places && _account.InFlight > inFlightBefore
            ? $"{_account.InFlight} in flight, {inFlightBefore} before, where {places} are allowed"
            : _account.InFlight != _naive.InFlight ? $"{_account.InFlight} in flight; the double says {_naive.InFlight}" : null;
    }

    private string? Money()
    {
        if (_account.Available.Units != _naive.Available || _account.Held.Units != _naive.Held || _account.Settled.Units != _naive.Revenue)
        {
            return $"available {_account.Available}, held {_account.Held}, settled {_account.Settled}; the double says {_naive.Available}, {_naive.Held} and {_naive.Revenue} units";
        }

        if (_account.Lots.Any(l => l.Remaining <= CreditAmount.Zero) || _account.Holds.Values.SelectMany(h => h.Slices).Any(s => s.Amount <= CreditAmount.Zero))
        {
            return "a lot or a slice is empty or negative";
        }

        var free = Show(Purses(_account.Lots.Select(l => (l.ExpiresAt, l.Remaining))));
        if (free != Show(_naive.Free))
        {
            return $"lots are {free}; the double says {Show(_naive.Free)}";
        }

        if (!_account.Lots.Select(l => Tick(l.ExpiresAt)).SequenceEqual(_account.Lots.Select(l => Tick(l.ExpiresAt)).Order()))
        {
            return "lots are out of order";
        }

        foreach (var hold in _account.Holds.Values)
        {
            var slices = Show(Purses(hold.Slices.Select(s => (s.ExpiresAt, s.Amount))));
            if (!_naive.Holds.TryGetValue(hold.TaskId.Value, out var purses) || slices != Show(purses) || hold.Amount.Units != purses.Values.Sum())
            {
                return $"{hold.TaskId} holds {hold.Amount}: {slices}; the double says {(purses is null ? "nothing" : Show(purses))}";
            }
        }

        var parts = _account.Lots.Select(l => (l.GrantId, Units: l.Remaining.Units, l.ExpiresAt))
            .Concat(_account.Holds.Values.SelectMany(h => h.Slices).Select(s => (s.GrantId, Units: s.Amount.Units, s.ExpiresAt)));
        foreach (var grant in parts.GroupBy(p => p.GrantId))
        {
            var (amount, expiry) = _granted[grant.Key];
            if (grant.Sum(p => p.Units) > amount || grant.Any(p => Tick(p.ExpiresAt) != expiry))
            {
                return $"more is left of {grant.Key} than was granted, or with another expiry";
            }
        }

        return _account.Holds.Count == _naive.Holds.Count ? null : "holds are missing";
    }

    private string? Books()
    {
        if (_account.Version != _ledger.Count)
        {
            return $"version {_account.Version} after {_ledger.Count} entries";
        }

        for (; _booked < _ledger.Count; _booked++)
        {
            var entry = _ledger[_booked];
            _grants += entry.Postings.Grants.Value;
            _available += entry.Postings.Available.Value;
            _held += entry.Postings.Held.Value;
            _revenue += entry.Postings.Revenue.Value;
            _expired += entry.Postings.Expired.Value;
            _expiries += entry.Kind == LedgerEntryKind.Expiry ? 1 : 0;
            if (entry.Sequence != _booked + 1 || entry.Postings.Sum != 0 || entry.AvailableAfter.Value != _available || entry.HeldAfter.Value != _held)
            {
                return $"{entry} does not follow";
            }

            if (_available < 0 || _held < 0)
            {
                return $"{entry} leaves less than nothing";
            }
        }

        if (_ledger.Count - _expiries != _naive.Entries)
        {
            return $"{_ledger.Count - _expiries} entries without expiries; the double says {_naive.Entries}";
        }

        return (_available, _held) == (_account.Available.Value, _account.Held.Value)
            && (-_grants * 100_000_000, _revenue * 100_000_000, _expired * 100_000_000) == (_naive.Granted, _naive.Revenue, _naive.Expired)
                ? null
                : $"the books say granted {-_grants}, available {_available}, held {_held}, earned {_revenue}, expired {_expired}";
    }

    private string? Ends(IReadOnlyList<AccountEvent> events)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case AccountEvent.HoldPlaced e when !_ends.TryAdd(e.TaskId.Value, 0):
                    return $"{e.TaskId} was held twice";
                case AccountEvent.HoldReleased e:
                    _ends[e.TaskId.Value]++;
                    break;
                case AccountEvent.HoldSettled { Closes: true } e:
                    _ends[e.TaskId.Value]++;
                    break;
                default:
                    break;
            }
        }

        foreach (var (task, ends) in _ends)
        {
            if (ends != (_naive.Holds.ContainsKey(task) ? 0 : 1))
            {
                return $"the hold of {task} ended {ends} times";
            }
        }

        return null;
    }

    /// <summary>What was just done, done again: there is no second effect.</summary>
    private string? Repeat(AccountCommand command, string outcome)
    {
        if (outcome is not ("done" or "nothing"))
        {
            return null;
        }

        var again = _rules.Decide(_account, command);
        return command switch
        {
            // The store refuses the repeat of a grant: the account does not know its old ones.
            AccountCommand.Grant or AccountCommand.Adjust => null,
            AccountCommand.Resolve => again.Refusal is AccountRefusal.NoOpenHold ? null : $"{command} can be repeated",
            _ => again.Refusal is null && again.Events.IsEmpty ? null : $"{command} can be repeated",
        };
    }
}
