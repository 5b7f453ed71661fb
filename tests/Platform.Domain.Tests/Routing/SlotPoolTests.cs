using CsCheck;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Tests.Routing;

public sealed class SlotPoolTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ask_NoLimit_IsGrantedWithoutANumber() => new SlotPool(null).Ask(Key("a", 1), "x", Noon).Should().Be(new SlotAnswer.Granted(null));

    [Fact]
    public void Ask_FreeSlots_AreGrantedByNumber()
    {
        var pool = new SlotPool(2);

        pool.Ask(Key("a", 1), "x1", Noon).Should().Be(new SlotAnswer.Granted(1));
        pool.Ask(Key("a", 2), "x2", Noon).Should().Be(new SlotAnswer.Granted(2));
        pool.Ask(Key("a", 3), "x3", Noon).Should().BeOfType<SlotAnswer.Waits>();
        pool.Ask(Key("a", 1), "x1", Noon).Should().Be(new SlotAnswer.Granted(1), "it has one");
        pool.Used.Should().Be(2);
    }

    [Fact]
    public void Free_SomebodyWaits_IsCalledAndFindsItsNumber()
    {
        var pool = new SlotPool(1);
        pool.Ask(Key("a", 1), "x1", Noon);
        pool.Ask(Key("a", 2), "x2", Noon);

        pool.Free(Key("a", 1), "x1");

        pool.Call(Noon).Should().Equal(Key("a", 2));
        pool.Call(Noon).Should().BeEmpty("nobody is called twice");
        pool.Ask(Key("b", 1), "y1", Noon).Should().BeOfType<SlotAnswer.Waits>("the number is kept for who was called");
        pool.Ask(Key("a", 2), "x2", Noon).Should().Be(new SlotAnswer.Granted(1));
    }

    [Fact]
    public void Free_AnOlderAttemptOfTheTask_FreesNothing()
    {
        var pool = new SlotPool(1);
        pool.Ask(Key("a", 1), "old", Noon);
        pool.Ask(Key("a", 1), "new", Noon);

        pool.Free(Key("a", 1), "old");

        pool.Used.Should().Be(1);
    }

    [Fact]
    public void Call_OneTenantWithManyTasks_TakesTurnsWithTheOthers()
    {
        var pool = new SlotPool(1);
        pool.Ask(Key("big", 0), "x", Noon);
        for (var i = 1; i <= 6; i++)
        {
            pool.Ask(Key("big", i), "x", Noon);
        }

        pool.Ask(Key("b", 1), "x", Noon);
        pool.Ask(Key("c", 1), "x", Noon);
        pool.Ask(Key("b", 2), "x", Noon);

        Drain(pool, Key("big", 0)).Should().Equal(
            Key("big", 1), Key("b", 1), Key("c", 1), Key("big", 2), Key("b", 2), Key("big", 3), Key("big", 4), Key("big", 5), Key("big", 6));
    }

    [Fact]
    public void Withdraw_CalledOrWaiting_LetsTheNextOneIn()
    {
        var pool = new SlotPool(1);
        foreach (var i in Enumerable.Range(1, 4))
        {
            pool.Ask(Key("a", i), "x", Noon);
        }

        pool.Withdraw(Key("a", 2));
        pool.Free(Key("a", 1), "x");
        pool.Call(Noon).Should().Equal(Key("a", 3));
        pool.Withdraw(Key("a", 3));

        pool.Call(Noon).Should().Equal(Key("a", 4));
        pool.Ask(Key("a", 4), "x", Noon);
        pool.Withdraw(Key("a", 4));
        pool.Used.Should().Be(1, "what was taken is given back by its end, not by this");
    }

    [Fact]
    public void Reconcile_CalledAndNeverCame_LosesItsTurn()
    {
        var pool = new SlotPool(1);
        pool.Ask(Key("a", 1), "x", Noon);
        pool.Ask(Key("b", 1), "x", Noon);
        pool.Ask(Key("c", 1), "x", Noon);
        pool.Free(Key("a", 1), "x");
        pool.Call(Noon).Should().Equal(Key("b", 1));

        pool.Reconcile([], Noon + SlotPool.CallFor);
        pool.Call(Noon + SlotPool.CallFor).Should().BeEmpty("its time is not over");
        pool.Reconcile([], Noon + SlotPool.CallFor + TimeSpan.FromSeconds(1));

        pool.Call(Noon + SlotPool.CallFor + TimeSpan.FromSeconds(1)).Should().Equal(Key("c", 1));
    }

    [Fact]
    public void Reconcile_CommittedSlots_AreTakenUntilTheRowsAreGone()
    {
        var pool = new SlotPool(2);

        pool.Reconcile([Row(1, Key("a", 1)), Row(2, Key("a", 2))], Noon);
        pool.Ask(Key("b", 1), "x", Noon).Should().BeOfType<SlotAnswer.Waits>();
        pool.Reconcile([Row(2, Key("a", 2))], Noon.AddSeconds(5));

        pool.Call(Noon.AddSeconds(5)).Should().Equal(Key("b", 1));
        pool.Ask(Key("b", 1), "x", Noon.AddSeconds(5)).Should().Be(new SlotAnswer.Granted(1));
    }

    [Fact]
    public void Reconcile_RowsReadBeforeAGrant_DoNotTakeItBack()
    {
        var pool = new SlotPool(1);
        pool.Reconcile([Row(1, Key("a", 1))], Noon);
        pool.Free(Key("a", 1), "x");
        pool.Ask(Key("b", 1), "x", Noon.AddSeconds(2)).Should().Be(new SlotAnswer.Granted(1));

        pool.Reconcile([Row(1, Key("a", 1))], Noon.AddSeconds(1));

        pool.Ask(Key("b", 1), "x", Noon.AddSeconds(2)).Should().Be(new SlotAnswer.Granted(1));
    }

    [Fact]
    public void Resize_Smaller_KeepsWhatIsTakenAndGivesNoMore()
    {
        var pool = new SlotPool(3);
        foreach (var i in Enumerable.Range(1, 3))
        {
            pool.Ask(Key("a", i), "x", Noon);
        }

        pool.Resize(1);
        pool.Ask(Key("a", 4), "x", Noon).Should().BeOfType<SlotAnswer.Waits>();
        pool.Free(Key("a", 2), "x");
        pool.Call(Noon).Should().BeEmpty();
        pool.Free(Key("a", 1), "x");

        pool.Call(Noon).Should().Equal(Key("a", 4));
    }

    [Fact]
    public void Ask_NotForALongTime_NoLongerWaits()
    {
        var pool = new SlotPool(1);
        pool.Ask(Key("a", 1), "x", Noon);
        pool.Ask(Key("a", 2), "x", Noon);
        pool.Ask(Key("a", 3), "x", Noon);
        var later = Noon + SlotPool.Patience + TimeSpan.FromSeconds(1);
        pool.Ask(Key("a", 3), "x", later);

        pool.Free(Key("a", 1), "x");

        pool.Call(later).Should().Equal(Key("a", 3));
    }

    // Whatever happens: never more than there are, never a number twice, nobody is forgotten who asks.
    [Fact]
    public void Anything_Always_KeepsToTheLimitAndForgetsNobody() =>
        Gen.Select(Gen.Int[1, 4], Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 3]).List[1, 60]).Sample((limit, steps) =>
        {
            var pool = new SlotPool(limit);
            var granted = new Dictionary<TaskKey, int>();
            var now = Noon;
            foreach (var (what, tenant, number) in steps)
            {
                var task = Key($"t{tenant}", number);
                now += TimeSpan.FromSeconds(1);
                switch (what)
                {
                    case 0 or 1 or 2:
                        Ask(task);
                        break;
                    case 3 or 4:
                        pool.Free(task, "x");
                        granted.Remove(task);
                        break;
                    default:
                        pool.Withdraw(task);
                        break;
                }

                foreach (var called in pool.Call(now))
                {
                    granted.Should().NotContainKey(called);
                }

                pool.Used.Should().BeLessThanOrEqualTo(limit);
                granted.Values.Should().OnlyHaveUniqueItems().And.OnlyContain(n => n >= 1 && n <= limit);
            }

            // All that hold one give it back, one after the other, and all that ask get one in the end.
            var all = Enumerable.Range(0, 4).SelectMany(t => Enumerable.Range(0, 4).Select(n => Key($"t{t}", n))).ToList();
            var served = new HashSet<TaskKey>();
            for (var round = 0; round < 20 && served.Count < all.Count; round++)
            {
                foreach (var task in all.Where(t => !served.Contains(t)))
                {
                    Ask(task);
                }

                foreach (var task in granted.Keys.ToList())
                {
                    served.Add(task);
                    granted.Remove(task);
                    pool.Free(task, "x");
                    pool.Call(now);
                }
            }

            served.Should().HaveCount(all.Count);

            void Ask(TaskKey task)
            {
                if (pool.Ask(task, "x", now) is SlotAnswer.Granted { Number: { } slot })
                {
                    granted[task] = slot;
                }
            }
        });

    // A tenant whose tasks wait gets one of any n slots that become free, n being the tenants that wait: however many tasks they have.
    [Fact]
    public void Call_AnyCrowd_EachTenantGetsItsTurn() =>
        Gen.Int[1, 30].List[2, 8].Sample(crowd =>
        {
            var pool = new SlotPool(1);
            pool.Ask(Key("first", 0), "x", Noon);
            for (var tenant = 0; tenant < crowd.Count; tenant++)
            {
                for (var i = 0; i < crowd[tenant]; i++)
                {
                    pool.Ask(Key($"t{tenant}", i), "x", Noon);
                }
            }

            var order = Drain(pool, Key("first", 0)).Select(t => t.Tenant.Value).ToList();

            order.Should().HaveCount(crowd.Sum());
            for (var tenant = 0; tenant < crowd.Count; tenant++)
            {
                for (var nth = 0; nth < crowd[tenant]; nth++)
                {
                    var place = order.Select((t, at) => (t, at)).Where(o => o.t == $"ten_t{tenant}").ElementAt(nth).at;
                    place.Should().BeLessThan((nth + 1) * crowd.Count);
                }
            }
        });

    private static List<TaskKey> Drain(SlotPool pool, TaskKey holder)
    {
        var order = new List<TaskKey>();
        while (true)
        {
            pool.Free(holder, "x");
            if (pool.Call(Noon) is not [var next])
            {
                return order;
            }

            pool.Ask(next, "x", Noon).Should().Be(new SlotAnswer.Granted(1));
            order.Add(next);
            holder = next;
        }
    }

    private static TaskKey Key(string tenant, int number) => new(new TenantId($"ten_{tenant}"), new TaskId($"task-unified-1-{number:d4}"));

    private static HeldSlot Row(int number, TaskKey task) => new(new("k/a", number), task, "x", Noon);
}
