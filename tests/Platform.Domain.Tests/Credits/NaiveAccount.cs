namespace Platform.Domain.Tests.Credits;

/// <summary>
/// The rules of an account, written a second time and otherwise: every unit of 10⁻⁸ credits lies in a purse that is known by the
/// tick of its expiry only; nothing is an event, nothing is immutable. What the two agree on is hardly wrong in both.
/// </summary>
internal sealed class NaiveAccount
{
    public const long Never = long.MaxValue;

    private const long Limit = 9_000_000_000_000_000_000;

    /// <summary>What can be spent, by expiry.</summary>
    public SortedDictionary<long, long> Free { get; } = [];

    /// <summary>What each open task holds, by expiry.</summary>
    public Dictionary<string, SortedDictionary<long, long>> Holds { get; } = new(StringComparer.Ordinal);

    /// <summary>Open tasks that wait, in order.</summary>
    public List<string> Waiting { get; } = [];

    /// <summary>Operations that were booked: what the store refuses to book again.</summary>
    public HashSet<string> Booked { get; } = new(StringComparer.Ordinal);

    /// <summary>Entries of the ledger but for expiries, which are booked by grant: a purse does not know its grants.</summary>
    public long Entries { get; private set; }

    public decimal Granted { get; private set; }

    public long Revenue { get; private set; }

    public decimal Expired { get; private set; }

    /// <summary>Tasks that were promoted by the last step, in order.</summary>
    public List<string> LastPromoted { get; } = [];

    public long Available => Free.Values.Sum();

    public long Held => Holds.Values.Sum(h => h.Values.Sum());

    public int InFlight => Holds.Count - Waiting.Count;

    public string Grant(string id, long amount, long expiry, long now)
    {
        LastPromoted.Clear();
        if (amount <= 0 || !Fits(amount, now))
        {
            return $"invalid {amount}";
        }

        if (!Booked.Add($"Grant {id}"))
        {
            return "lost";
        }

        Expire(now);
        Granted += amount;
        Entries++;
        Put(Free, expiry, amount);
        Expire(now);
        return "done";
    }

    public string Adjust(string id, long amount, long now)
    {
        LastPromoted.Clear();
        if (amount == 0 || (amount > 0 && !Fits(amount, now)))
        {
            return $"invalid {amount}";
        }

        if (amount < 0 && Spendable(now) < -amount)
        {
            return $"insufficient {-amount} {Spendable(now)}";
        }

        if (!Booked.Add($"Adjustment {id}"))
        {
            return "lost";
        }

        Expire(now);
        Granted += amount;
        Entries++;
        if (amount > 0)
        {
            Put(Free, Never, amount);
        }
        else
        {
            TakeEarliest(Free, -amount);
        }

        return "done";
    }

    public string Reserve(string task, long amount, int places, int queue, long now)
    {
        LastPromoted.Clear();
        if (Holds.ContainsKey(task))
        {
            return Expire(now) ? "done" : "nothing";
        }

        if (amount < 0)
        {
            return $"invalid {amount}";
        }

        if (Spendable(now) < amount)
        {
            return $"insufficient {amount} {Spendable(now)}";
        }

        var promotable = Math.Min(Waiting.Count, Math.Max(0, places - InFlight));
        var waits = InFlight + promotable >= places;
        if (waits && Waiting.Count - promotable >= queue)
        {
            return $"full {InFlight} {Waiting.Count}";
        }

        if (!Booked.Add($"Hold {task}"))
        {
            return "lost";
        }

        Expire(now);
        Promote(promotable);
        Holds[task] = TakeEarliest(Free, amount);
        if (waits)
        {
            Waiting.Add(task);
        }

        Entries++;
        return "done";
    }

    public string Resolve(string task, long settle, int places, long now)
    {
        LastPromoted.Clear();
        if (!Holds.TryGetValue(task, out var hold))
        {
            return $"no hold {task}";
        }

        var held = hold.Values.Sum();
        if (settle < 0 || settle > held)
        {
            return $"invalid {settle}";
        }

        Expire(now);
        Holds.Remove(task);
        Waiting.Remove(task);
        TakeEarliest(hold, settle);
        Revenue += settle;
        Entries += (settle > 0 ? 1 : 0) + (settle < held || settle == 0 ? 1 : 0);
        foreach (var (expiry, amount) in hold)
        {
            Put(Free, expiry, amount);
        }

        Expire(now);
        Promote(Math.Min(Waiting.Count, Math.Max(0, places - InFlight)));
        return "done";
    }

    public string ExpireLots(long now)
    {
        LastPromoted.Clear();
        return Expire(now) ? "done" : "nothing";
    }

    private static SortedDictionary<long, long> TakeEarliest(SortedDictionary<long, long> purses, long amount)
    {
        var taken = new SortedDictionary<long, long>();
        while (amount > 0)
        {
            var expiry = purses.Keys.First();
            var part = Math.Min(amount, purses[expiry]);
            Put(taken, expiry, part);
            Put(purses, expiry, -part);
            amount -= part;
        }

        return taken;
    }

    private static void Put(SortedDictionary<long, long> purses, long expiry, long amount)
    {
        var sum = purses.GetValueOrDefault(expiry) + amount;
        if (sum == 0)
        {
            purses.Remove(expiry);
        }
        else
        {
            purses[expiry] = sum;
        }
    }

    private long Spendable(long now) => Free.Where(p => p.Key > now).Sum(p => p.Value);

    private bool Fits(long amount, long now) => (Int128)Spendable(now) + Held + Revenue + amount <= Limit;

    private bool Expire(long now)
    {
        var gone = Free.Keys.Where(expiry => expiry <= now).ToList();
        foreach (var expiry in gone)
        {
            Expired += Free[expiry];
            Free.Remove(expiry);
        }

        return gone.Count > 0;
    }

    private void Promote(int count)
    {
        LastPromoted.AddRange(Waiting.Take(count));
        Waiting.RemoveRange(0, count);
    }
}
