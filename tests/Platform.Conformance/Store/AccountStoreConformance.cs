using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Conformance.Store;

/// <summary>What every <see cref="IAccountStore"/> must do.</summary>
public abstract class AccountStoreConformance : StoreConformance
{
    [Fact]
    public async Task LoadAsync_NoEntry_IsAtVersionZero() => await ShouldBeStoredAsync(Account.Open(Ann));

    [Fact]
    public async Task CommitAsync_Grants_KeepsTheLotsInTheirOrder()
    {
        var account = await GrantAsync(Ann, 0.00000001m);
        account = await CommitAsync(Units.Grant(account, "later", 89_999_999_000.12345678m, Noon, Noon.AddDays(2)));
        account = await CommitAsync(Units.Grant(account, "sooner", 3m, Noon, Noon.AddDays(1)));

        account.Lots.Select(l => l.GrantId).Should().Equal("sooner", "later", "grant");
        await ShouldBeStoredAsync(account);
    }

    [Fact]
    public async Task CommitAsync_Accept_StoresTaskHoldEntryAndKey()
    {
        var account = await GrantAsync(Ann);
        var unit = Units.Accept(account, Samples.TaskId(1), 40.824m, Noon, "key");

        account = await CommitAsync(unit);

        await ShouldBeStoredAsync(account);
        var accepted = unit.Accepted[0];
        (await Store.Tasks.FindAsync(Ann, accepted.Task.Id, default)).Should().BeEquivalentTo(accepted.Task, ByContent);
        (await Store.Tasks.HistoryAsync(Ann, accepted.Task.Id, default)).Should().BeEquivalentTo(accepted.Events, ByContent);
        (await Store.Tasks.FindIdempotencyKeyAsync(Ann, "key", Noon.AddTicks(-10_000), default)).Should().Be(accepted.Idempotency);
        (await Accounts.FindEntryAsync(Ann, LedgerEntryKind.Hold, accepted.Task.Id.Value, default)).Should().Be(unit.Entries[0]);
    }

    [Fact]
    public async Task CommitAsync_Resolve_EndsTaskAndHold()
    {
        var account = await GrantAsync(Ann);
        var accept = Units.Accept(account, Samples.TaskId(1), 40m, Noon);
        account = await CommitAsync(accept);
        var resolve = Units.Resolve(account, accept.Accepted[0].Task, 30.5m, Noon.AddMinutes(2));

        account = await CommitAsync(resolve);

        account.Holds.Should().BeEmpty();
        account.Settled.Should().Be(CreditAmount.From(30.5m));
        await ShouldBeStoredAsync(account);
        (await Store.Tasks.FindAsync(Ann, Samples.TaskId(1), default)).Should().BeEquivalentTo(resolve.Resolved[0].Task, ByContent);
        (await Store.Tasks.HistoryAsync(Ann, Samples.TaskId(1), default)).Should()
            .BeEquivalentTo(accept.Accepted[0].Events.Concat(resolve.Resolved[0].Events), ByContent);
        (await Store.Tasks.MakeUnfinishedDueAsync(Noon, default)).Should().Be(0, "a task that has ended is never due");
    }

    [Fact]
    public async Task CommitAsync_AcceptedAndResolvedInOneUnit_StoresTheEnd()
    {
        var account = await GrantAsync(Ann);
        var accept = Units.Accept(account, Samples.TaskId(1), 40m, Noon);
        var resolve = Units.Resolve(accept.After, accept.Accepted[0].Task, 0m, Noon);

        account = await CommitAsync(accept with
        {
            After = resolve.After,
            Entries = [.. accept.Entries, .. resolve.Entries],
            Resolved = resolve.Resolved,
        });

        await ShouldBeStoredAsync(account);
        (await Store.Tasks.FindAsync(Ann, Samples.TaskId(1), default))!.Status.Should().Be(GenerationStatus.Failed);
    }

    [Fact]
    public async Task CommitAsync_StaleAccountVersion_LosesAndWritesNothing()
    {
        var before = await GrantAsync(Ann);
        var after = await CommitAsync(Units.Grant(before, "second", 1m, Noon));

        await ShouldLoseAsync(Units.Accept(before, Samples.TaskId(1), 1m, Noon, "key"), Fence.AccountVersion, Ann.Value);

        await ShouldBeStoredAsync(after);
        (await Store.Tasks.FindAsync(Ann, Samples.TaskId(1), default)).Should().BeNull();
        (await Store.Tasks.FindIdempotencyKeyAsync(Ann, "key", default, default)).Should().BeNull();
    }

    [Fact]
    public async Task CommitAsync_AccountWithoutRow_LosesAboveVersionZero()
    {
        await ShouldLoseAsync(Units.Grant(Account.Open(Ann) with { Version = 1 }, "g", 1m, Noon), Fence.AccountVersion, Ann.Value);

        await ShouldBeStoredAsync(Account.Open(Ann));
    }

    [Fact]
    public async Task CommitAsync_StaleTaskVersion_LosesAndWritesNothing()
    {
        var account = await GrantAsync(Ann);
        var accept = Units.Accept(account, Samples.TaskId(1), 40m, Noon);
        account = await CommitAsync(accept);
        var task = accept.Accepted[0].Task;
        var step = Units.Step(task, Noon.AddMinutes(5), new TaskEvent.CancelRequested { At = Noon });
        (await Store.Tasks.CommitAsync(step, default)).Should().Be(new CommitOutcome.Committed());

        await ShouldLoseAsync(Units.Resolve(account, task, 40m, Noon), Fence.TaskVersion, task.Id.Value);

        await ShouldBeStoredAsync(account);
        (await Store.Tasks.FindAsync(Ann, task.Id, default)).Should().BeEquivalentTo(step.Task, ByContent);
    }

    [Fact]
    public async Task CommitAsync_ResolvedTaskMissing_Loses()
    {
        var account = await GrantAsync(Ann);
        var never = Units.Accept(account, Samples.TaskId(1), 40m, Noon);
        var resolve = Units.Resolve(never.After, never.Accepted[0].Task, 0m, Noon);

        await ShouldLoseAsync(
            resolve with { ExpectedVersion = 1, After = resolve.After with { Version = 2 }, Entries = [resolve.Entries[0] with { Sequence = 2 }] },
            Fence.TaskVersion,
            Samples.TaskId(1).Value);
    }

    [Fact]
    public async Task CommitAsync_ResolvedTwiceInOneUnit_LosesToItself()
    {
        var account = await GrantAsync(Ann);
        var accept = Units.Accept(account, Samples.TaskId(1), 40m, Noon);
        account = await CommitAsync(accept);
        var resolve = Units.Resolve(account, accept.Accepted[0].Task, 0m, Noon);

        await ShouldLoseAsync(
            resolve with { Resolved = [.. resolve.Resolved, .. resolve.Resolved] }, Fence.TaskVersion, Samples.TaskId(1).Value);
    }

    [Fact]
    public async Task CommitAsync_TaskIdTaken_Loses()
    {
        var account = await GrantAsync(Ann);
        account = await CommitAsync(Units.Accept(account, Samples.TaskId(1), 40m, Noon));
        var again = Units.Accept(account with { Holds = account.Holds.Clear() }, Samples.TaskId(1), 1m, Noon.AddDays(1));

        await ShouldLoseAsync(again, Fence.TaskId, Samples.TaskId(1).Value);

        await ShouldBeStoredAsync(account);
    }

    [Fact]
    public async Task CommitAsync_BatchOfTheKey_IsKeptAsItWas()
    {
        var account = await GrantAsync(Ann);
        var unit = Units.Accept(account, Samples.TaskId(1), 1m, Noon, "k");
        var batch = new BatchAnswer(
            "batch_1",
            [
                new(null, new(ItemRefusalReason.Invalid) { Error = """{"code":"invalid_parameter","message":"'prompt' – ü"}""" }),
                new(Samples.TaskId(1), null),
                new(null, new(ItemRefusalReason.InsufficientCredits) { Needed = CreditAmount.From(40.824m), Available = CreditAmount.From(0.00000001m) }),
                new(null, new(ItemRefusalReason.QueueFull)),
                new(null, new(ItemRefusalReason.NoAvailableChannel)),
                new(null, new(ItemRefusalReason.AboveLimit) { Needed = CreditAmount.From(2m), Available = CreditAmount.From(1m) }),
                new(null, new(ItemRefusalReason.QuoteExpired)),
            ]);
        unit = unit with { Accepted = [unit.Accepted[0] with { Idempotency = unit.Accepted[0].Idempotency! with { Batch = batch } }] };

        await CommitAsync(unit);

        var record = await Store.Tasks.FindIdempotencyKeyAsync(Ann, "k", Noon.AddHours(-1), default);
        record.Should().BeEquivalentTo(unit.Accepted[0].Idempotency, ByContent);
    }

    [Fact]
    public async Task CommitAsync_AnsweredThrough_IsKeptAlsoWithoutAnEntry()
    {
        var account = await GrantAsync(Ann);
        var unit = Units.Accept(account, Samples.TaskId(1), 1m, Noon);
        account = await CommitAsync(unit with { After = unit.After with { AnsweredThrough = 1 } });
        await ShouldBeStoredAsync(account);

        var answered = account with { AnsweredThrough = 2 };
        await CommitAsync(new() { Tenant = Ann, ExpectedVersion = 2, After = answered, Entries = [] });
        await ShouldBeStoredAsync(answered);
        await RestartAsync();

        await ShouldBeStoredAsync(answered);
        (await Accounts.CommitAsync(new() { Tenant = Ann, ExpectedVersion = 1, After = answered with { Version = 1, AnsweredThrough = 0 }, Entries = [] }, default))
            .Should().Be(Lost(Fence.AccountVersion, Ann.Value));
        await ShouldBeStoredAsync(answered);
    }

    [Fact]
    public async Task CommitAsync_KeyInUse_LosesUntilItIsADayOld()
    {
        var account = await GrantAsync(Ann);
        account = await CommitAsync(Units.Accept(account, Samples.TaskId(1), 1m, Noon, "key"));
        var dayLater = Noon.AddDays(1);

        await ShouldLoseAsync(Units.Accept(account, Samples.TaskId(2), 1m, dayLater.AddMilliseconds(-1), "key"), Fence.IdempotencyKey, "key");
        await CommitAsync(Units.Accept(account, Samples.TaskId(3), 1m, dayLater, "key"));

        (await Store.Tasks.FindAsync(Ann, Samples.TaskId(2), default)).Should().BeNull();
        (await Store.Tasks.FindIdempotencyKeyAsync(Ann, "key", dayLater.AddMilliseconds(-1), default))!.TaskId.Should().Be(Samples.TaskId(3));
        (await Store.Tasks.FindIdempotencyKeyAsync(Ann, "key", dayLater, default)).Should().BeNull("it was not stored after this time");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitAsync_OperationBooked_Loses(bool adjusts)
    {
        var account = await GrantAsync(Ann);
        account = await CommitAsync(Units.Adjust(account, "adjustment", -1m, Noon));
        var unit = adjusts ? Units.Adjust(account, "adjustment", 5m, Noon) : Units.Grant(account, "grant", 5m, Noon);

        await ShouldLoseAsync(unit, Fence.Operation, adjusts ? "adjustment" : "grant");
        await ShouldLoseAsync(Units.Grant(account, "adjustment", 5m, Noon), Fence.Operation, "adjustment");

        await ShouldBeStoredAsync(account);
    }

    [Fact]
    public async Task CommitAsync_SameIdTwiceInOneUnit_LosesToItself()
    {
        var account = await GrantAsync(Ann);
        var one = Units.Accept(account, Samples.TaskId(1), 1m, Noon, "key");
        var two = Units.Accept(one.After, Samples.TaskId(2), 1m, Noon, "key");
        var both = one with { After = two.After, Entries = [.. one.Entries, .. two.Entries], Accepted = [.. one.Accepted, .. two.Accepted] };
        var grant = Units.Grant(account, "g", 1m, Noon);
        var again = Units.Grant(grant.After, "g", 1m, Noon);

        await ShouldLoseAsync(both, Fence.IdempotencyKey, "key");
        await ShouldLoseAsync(both with { Accepted = [one.Accepted[0], one.Accepted[0]] }, Fence.TaskId, Samples.TaskId(1).Value);
        await ShouldLoseAsync(grant with { After = again.After, Entries = [.. grant.Entries, .. again.Entries] }, Fence.Operation, "g");

        await ShouldBeStoredAsync(account);
    }

    [Fact]
    public async Task CommitAsync_SeveralFencesFail_TellsTheFirstInOrder()
    {
        var account = await GrantAsync(Ann);
        var accept = Units.Accept(account, Samples.TaskId(1), 1m, Noon, "key");
        account = await CommitAsync(accept);
        var stepped = Units.Step(accept.Accepted[0].Task, Noon.AddMinutes(5), new TaskEvent.CancelRequested { At = Noon });
        await Store.Tasks.CommitAsync(stepped, default);

        // Stale account, stale task, known id, known key, known operation: one is mended after the other.
        var grant = Units.Grant(account, "grant", 1m, Noon);
        var accepted = accept.Accepted[0];
        var resolved = Units.Resolve(account, accepted.Task, 0m, Noon).Resolved[0];
        var unit = grant with
        {
            ExpectedVersion = account.Version + 1,
            After = grant.After with { Version = grant.After.Version + 1 },
            Entries = [grant.Entries[0] with { Sequence = grant.Entries[0].Sequence + 1 }],
            Accepted = [accepted],
            Resolved =
            [
                resolved with
                {
                    Task = resolved.Task with { Id = Samples.TaskId(2) },
                    Resolution = resolved.Resolution with { TaskId = Samples.TaskId(2) },
                    Outbox = resolved.Outbox with { TaskId = Samples.TaskId(2) },
                },
            ],
        };

        await ShouldLoseAsync(unit, Fence.AccountVersion, Ann.Value);
        unit = unit with { ExpectedVersion = grant.ExpectedVersion, After = grant.After, Entries = grant.Entries };
        await ShouldLoseAsync(unit, Fence.TaskVersion, Samples.TaskId(2).Value);
        unit = unit with { Resolved = [] };
        await ShouldLoseAsync(unit, Fence.TaskId, Samples.TaskId(1).Value);
        var fresh = accepted with
        {
            Task = accepted.Task with { Id = Samples.TaskId(3) },
            Hold = accepted.Hold with { TaskId = Samples.TaskId(3) },
            Idempotency = accepted.Idempotency! with { TaskId = Samples.TaskId(3) },
        };
        unit = unit with { Accepted = [fresh] };
        await ShouldLoseAsync(unit, Fence.IdempotencyKey, "key");
        unit = unit with { Accepted = [fresh with { Idempotency = null }] };
        await ShouldLoseAsync(unit, Fence.Operation, "grant");
    }

    [Fact]
    public async Task CommitAsync_SameIdsOfAnotherTenant_AreNotInTheWay()
    {
        foreach (var tenant in new[] { Ann, Bob })
        {
            var account = await GrantAsync(tenant);
            account = await CommitAsync(Units.Accept(account, Samples.TaskId(1), 1m, Noon, "key"));
            await ShouldBeStoredAsync(account);
        }
    }

    [Fact]
    public async Task CommitAsync_ManyAtOneVersion_OneWins()
    {
        var account = await GrantAsync(Ann);
        for (var round = 0; round < 5; round++)
        {
            var units = Enumerable.Range(0, 24).Select(i => Units.Accept(account, Samples.TaskId((round * 100) + i), 1m, Noon)).ToArray();

            var outcomes = await AtOnceAsync(units.Length, i => Accounts.CommitAsync(units[i], default));

            outcomes.Count(o => o is CommitOutcome.Committed).Should().Be(1);
            outcomes.Where(o => o is not CommitOutcome.Committed).Should().AllBeEquivalentTo(Lost(Fence.AccountVersion, Ann.Value), ByContent);
            account = units[Array.FindIndex(outcomes, o => o is CommitOutcome.Committed)].After;
            await ShouldBeStoredAsync(account);
        }
    }

    [Fact]
    public async Task CommitAsync_LosersAmongWinners_TakeNobodyWithThem()
    {
        var tenants = Enumerable.Range(0, 40).Select(i => new TenantId($"ten_{i}")).ToArray();
        var accounts = await AtOnceAsync(tenants.Length, i => GrantAsync(tenants[i]));

        // Every other one is decided on a version that is not there.
        var units = accounts
            .Select((a, i) => Units.Accept(i % 2 == 0 ? a : a with { Version = 7 }, Samples.TaskId(i), 1m, Noon, "key"))
            .ToArray();
        var outcomes = await AtOnceAsync(units.Length, i => Accounts.CommitAsync(units[i], default));

        for (var i = 0; i < units.Length; i++)
        {
            outcomes[i].Should().Be(i % 2 == 0 ? new CommitOutcome.Committed() : Lost(Fence.AccountVersion, tenants[i].Value));
            await ShouldBeStoredAsync(i % 2 == 0 ? units[i].After : accounts[i]);
        }
    }

    [Fact]
    public async Task CommitAsync_OneBreaksAConstraint_FailsAlone()
    {
        var tenants = Enumerable.Range(0, 40).Select(i => new TenantId($"ten_{i}")).ToArray();
        var accounts = await AtOnceAsync(tenants.Length, i => GrantAsync(tenants[i]));
        var units = accounts.Select((a, i) => Units.Accept(a, Samples.TaskId(i), 1m, Noon, "key")).ToArray();
        var entry = units[13].Entries[0];
        units[13] = units[13] with { Entries = [entry with { Postings = entry.Postings with { Held = CreditAmount.From(2m) } }] };
        units[27] = units[27] with { After = units[27].After with { Available = CreditAmount.From(-1m) } };

        var commits = await AtOnceAsync(units.Length, async i =>
        {
            try
            {
                return (object)await Accounts.CommitAsync(units[i], default);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                return exception;
            }
        });

        for (var i = 0; i < units.Length; i++)
        {
            var fails = i is 13 or 27;
            commits[i].Should().Match(o => fails ? o is Exception : o is CommitOutcome.Committed);
            await ShouldBeStoredAsync(fails ? accounts[i] : units[i].After);
            (await Store.Tasks.FindAsync(tenants[i], Samples.TaskId(i), default) is null).Should().Be(fails);
        }
    }

    [Fact]
    public async Task CommitAsync_EntryBookedTwice_Throws()
    {
        var account = await GrantAsync(Ann);
        var accept = Units.Accept(account, Samples.TaskId(1), 1m, Noon);
        account = await CommitAsync(accept);
        var other = Units.Accept(account, Samples.TaskId(2), 1m, Noon);

        // Holds have no fence for their operation: the constraint is the last wall.
        var act = () => Accounts.CommitAsync(
            other with { Entries = [other.Entries[0] with { OperationId = Samples.TaskId(1).Value }] }, default);

        await act.Should().ThrowAsync<Exception>();
        await ShouldBeStoredAsync(account);
    }

    [Fact]
    public async Task CommitAsync_ResolutionOfOtherSums_Throws()
    {
        var account = await GrantAsync(Ann);
        var accept = Units.Accept(account, Samples.TaskId(1), 10m, Noon);
        account = await CommitAsync(accept);
        var resolve = Units.Resolve(account, accept.Accepted[0].Task, 10m, Noon);
        var resolved = resolve.Resolved[0];

        var act = () => Accounts.CommitAsync(
            resolve with { Resolved = [resolved with { Resolution = resolved.Resolution with { Settled = CreditAmount.From(9m) } }] }, default);

        await act.Should().ThrowAsync<Exception>();
        await ShouldBeStoredAsync(account);
    }

    [Fact]
    public async Task CommitAsync_UnitThatContradictsItself_Throws()
    {
        var account = await GrantAsync(Ann);
        var unit = Units.Accept(account, Samples.TaskId(1), 10m, Noon);
        AccountUnit[] wrong =
        [
            unit with { Entries = [] },
            unit with { Entries = [unit.Entries[0] with { Sequence = 3 }] },
            unit with { Tenant = Bob, ExpectedVersion = 0 },
            unit with { Accepted = [unit.Accepted[0] with { Task = unit.Accepted[0].Task with { Tenant = Bob } }] },
            unit with { Promoted = [new(Samples.TaskId(9), Noon)] },
        ];

        foreach (var one in wrong)
        {
            var act = () => Accounts.CommitAsync(one, default);
            await act.Should().ThrowAsync<Exception>();
        }

        await ShouldBeStoredAsync(account);
    }

    [Fact]
    public async Task CommitAsync_Promoted_LeavesTheQueueAndBecomesDue()
    {
        var limits = new AdmissionLimits(1, 10);
        var account = await GrantAsync(Ann);
        var first = Units.Accept(account, Samples.TaskId(1), 1m, Noon, limits: limits);
        account = await CommitAsync(first);
        account = await CommitAsync(Units.Accept(account, Samples.TaskId(2), 1m, Noon, limits: limits));
        account.Queue.Values.Should().Equal(Samples.TaskId(2));
        await ShouldBeStoredAsync(account);
        (await Store.Tasks.MakeUnfinishedDueAsync(Noon, default)).Should().Be(1);

        account = await CommitAsync(Units.Resolve(account, first.Accepted[0].Task, 1m, Noon.AddSeconds(5), limits));

        account.Queue.Should().BeEmpty();
        await ShouldBeStoredAsync(account);
        (await Store.Tasks.ClaimDueAsync(Shard(2), Noon.AddSeconds(5), Noon.AddDays(1), 10, default))
            .Should().Equal(new TaskKey(Ann, Samples.TaskId(2)));
        (await Store.Tasks.MakeUnfinishedDueAsync(Noon, default)).Should().Be(1);
    }

    [Fact]
    public async Task CommitAsync_PromotedInTheUnitThatAcceptedIt_IsNotQueued()
    {
        var account = await GrantAsync(Ann);
        account = await CommitAsync(Units.Accept(account, Samples.TaskId(1), 1m, Noon));
        var queued = Units.Accept(account, Samples.TaskId(2), 1m, Noon, limits: new(1, 10));
        var promoted = Units.Of(queued.After, [new AccountEvent.TaskPromoted(Samples.TaskId(2)) { At = Noon.AddSeconds(1) }]);

        account = await CommitAsync(queued with { After = promoted.After, Promoted = promoted.Promoted });

        await ShouldBeStoredAsync(account);
        (await Store.Tasks.ClaimDueAsync(Shard(2), Noon.AddSeconds(1), Noon.AddDays(1), 10, default)).Should().ContainSingle();
        (await Store.Tasks.MakeUnfinishedDueAsync(Noon, default)).Should().Be(2);
    }

    [Fact]
    public async Task CommitAsync_TimesFinerThanMilliseconds_AreCutOff()
    {
        var fine = Noon.AddTicks(12_345_678);
        var cut = Noon.AddMilliseconds(1234);
        var account = await CommitAsync(Units.Grant(Account.Open(Ann), "g", 10m, fine, fine.AddDays(1)));
        await CommitAsync(Units.Accept(account, Samples.TaskId(1), 1m, fine, "key"));

        (await Accounts.LoadAsync(Ann, default)).Lots[0].ExpiresAt.Should().Be(cut.AddDays(1));
        var entry = await Accounts.FindEntryAsync(Ann, LedgerEntryKind.Grant, "g", default);
        entry!.At.Should().Be(cut);
        entry.ExpiresAt.Should().Be(cut.AddDays(1));
        var task = await Store.Tasks.FindAsync(Ann, Samples.TaskId(1), default);
        task!.CreatedAt.Should().Be(cut);
        task.QueueDeadline.Should().Be(cut.AddDays(1));
        (await Store.Tasks.FindIdempotencyKeyAsync(Ann, "key", default, default))!.CreatedAt.Should().Be(cut);
        (await Store.Tasks.HistoryAsync(Ann, Samples.TaskId(1), default))[0].At.Should().Be(cut);
    }

    [Fact]
    public async Task CommitAsync_CallerHasLeft_WritesNothing()
    {
        var account = await GrantAsync(Ann);

        var act = () => Accounts.CommitAsync(Units.Accept(account, Samples.TaskId(1), 1m, Noon), new CancellationToken(true));

        await act.Should().ThrowAsync<OperationCanceledException>();
        await ShouldBeStoredAsync(account);
    }

    [Fact]
    public async Task ListEntriesAsync_Pages_NewestFirstWithoutGapOrRepeat()
    {
        var account = await GrantAsync(Ann);
        var written = new List<LedgerEntry>(await Accounts.ListEntriesAsync(Ann, null, 10, default));
        for (var i = 0; i < 9; i++)
        {
            var unit = Units.Grant(account, $"g{i}", 1m, Noon.AddSeconds(i), i % 2 == 0 ? Noon.AddYears(1) : null);
            account = await CommitAsync(unit);
            written.Insert(0, unit.Entries[0]);
        }

        await GrantAsync(Bob);
        var read = new List<LedgerEntry>();
        long? before = null;
        while (await Accounts.ListEntriesAsync(Ann, before, 4, default) is { Count: > 0 } page)
        {
            page.Count.Should().BeLessThanOrEqualTo(4);
            read.AddRange(page);
            before = page[^1].Sequence;
        }

        read.Should().Equal(written);
        (await Accounts.FindEntryAsync(Ann, LedgerEntryKind.Adjustment, "g1", default)).Should().BeNull("it is a grant");
        (await Accounts.FindEntryAsync(Bob, LedgerEntryKind.Grant, "g1", default)).Should().BeNull("it is Ann's");
    }

    [Fact]
    public async Task Restart_AfterCommits_FindsTheSame()
    {
        var limits = new AdmissionLimits(2, 10);
        var account = await GrantAsync(Ann);
        var units = new List<AccountUnit>();
        for (var i = 0; i < 5; i++)
        {
            units.Add(Units.Accept(account, Samples.TaskId(i), 1.5m + i, Noon.AddSeconds(i), $"key-{i}", limits));
            account = await CommitAsync(units[^1]);
        }

        account = await CommitAsync(Units.Resolve(account, units[0].Accepted[0].Task, 1m, Noon.AddMinutes(1), limits));

        await RestartAsync();

        await ShouldBeStoredAsync(account);
        (await Store.Tasks.FindAsync(Ann, Samples.TaskId(4), default)).Should().BeEquivalentTo(units[4].Accepted[0].Task, ByContent);
        await ShouldLoseAsync(Units.Accept(account, Samples.TaskId(9), 1m, Noon, "key-3", limits), Fence.IdempotencyKey, "key-3");
        (await BooksAudit.RunAsync(Store.Books, 10, default)).Findings.Should().BeEmpty();
    }

    private static int Shard(int task) => TaskShard.Of(Ann, Samples.TaskId(task));

    private async Task ShouldLoseAsync(AccountUnit unit, Fence fence, string subject) =>
        (await Accounts.CommitAsync(unit, default)).Should().Be(Lost(fence, subject));
}
