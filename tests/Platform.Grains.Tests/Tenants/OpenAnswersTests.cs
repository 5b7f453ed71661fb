using Microsoft.Extensions.Time.Testing;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Tenants;

namespace Platform.Grains.Tests.Tenants;

public sealed class OpenAnswersTests
{
    private static readonly RequestBody Dance = new("key_1", "d");
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly GrainOptions _options = new();
    private readonly OpenAnswers _answers;

    public OpenAnswersTests() => _answers = new(_time, _options);

    [Fact]
    public void FindEarlier_TheSameAtOnce_AreTwoWishes()
    {
        Accept("t1");

        Find("t2").Should().BeNull();
    }

    [Fact]
    public void FindEarlier_TheFirstWasAnswered_AreTwoWishesForEver()
    {
        Accept("t1");
        _answers.Answered("t1");
        _time.Advance(TimeSpan.FromMinutes(1));

        Find("t2").Should().BeNull();
    }

    [Fact]
    public void FindEarlier_TheFirstWasLost_IsTheFirstForTenMinutes()
    {
        Accept("t1");
        _answers.Lost("t1");

        for (var n = 2; n < 12; n++)
        {
            Find($"t{n}").Should().Be("t1");
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        Find("t99").Should().BeNull();
    }

    [Theory]
    [InlineData("key_2", "d")]
    [InlineData("key_1", "e")]
    public void FindEarlier_OtherKeyOrBody_IsAnotherWish(string key, string digest)
    {
        Accept("t1");
        _answers.Lost("t1");

        _answers.FindEarlier(_answers.Ask("t2", new(key, digest), "api", 0)).Should().BeNull();
    }

    [Fact]
    public void FindEarlier_NoReportWithinThePatienceOfTheApi_IsTheFirst()
    {
        Accept("t1");
        _time.Advance(_options.AnswerPatience - Moment);
        Find("t2").Should().BeNull();
        _time.Advance(Moment);

        Find("t3").Should().Be("t1");
    }

    [Fact]
    public void FindEarlier_AskedByAnotherProcessAndNotReported_IsTheFirst()
    {
        Accept("t1");
        _time.Advance(_options.ReportPatience - Moment);
        Find("t2", by: "api-2").Should().BeNull();
        _time.Advance(Moment);

        Find("t3").Should().BeNull("the process that answers the first is alive, for it asks");
        Find("t4", by: "api-2").Should().Be("t1");
    }

    [Fact]
    public async Task FindEarlier_TheFirstIsStillUnderWay_IsToBeWaitedFor()
    {
        var first = Ask("t1");
        _time.Advance(_options.AnswerPatience);
        var second = Ask("t2");

        var earlier = _answers.FindEarlier(second)!;
        earlier.Should().BeSameAs(first);
        earlier.Outcome.IsCompleted.Should().BeFalse();
        _answers.Conclude(first, accepted: false);

        (await earlier.Outcome).Should().BeFalse();
        _answers.FindEarlier(second).Should().BeNull("the first came to nothing");
    }

    [Fact]
    public void FindEarlier_SeveralLost_GivesEachInTurn()
    {
        Accept("t1");
        Accept("t2");
        _answers.Lost("t1");
        _answers.Lost("t2");

        new[] { "a", "b", "c" }.Select(s => Find(s)).Should().Equal("t1", "t2", "t1");
    }

    [Fact]
    public void FindEarlier_ByTheFirstItself_IsNot()
    {
        Accept("t1");
        _answers.Lost("t1");

        _answers.FindEarlier(Ask("t1")).Should().BeNull();
        _answers.Answered("t1");
        Find("t2").Should().BeNull();
    }

    [Fact]
    public void FindEarlier_WindowSwitchedOn_IsTheFirstAlsoWhereItWasAnswered()
    {
        _options.BodyReplayWindow = TimeSpan.FromMinutes(2);
        var first = Ask("t1");
        Find("t2").Should().Be("t1", "also while it is under way");
        _answers.Conclude(first, accepted: true);
        _answers.Answered("t1");
        _answers.AnsweredThrough(9).Should().Be(9);
        _time.Advance(TimeSpan.FromMinutes(2));
        Find("t3").Should().Be("t1");
        _time.Advance(Moment);

        Find("t4").Should().BeNull();
    }

    [Fact]
    public void AnsweredThrough_SomeAreOpen_StaysBeforeTheOldest()
    {
        _answers.AnsweredThrough(7).Should().Be(7);
        Accept("t1", version: 7);
        Accept("t2", version: 8);
        _answers.AnsweredThrough(9).Should().Be(7);
        _answers.Answered("t1");
        _answers.AnsweredThrough(9).Should().Be(8);
        _answers.Conclude(_answers.Ask("t3", Dance, "api", 9), accepted: false);
        _answers.Answered("t2");

        _answers.AnsweredThrough(9).Should().Be(9);
    }

    [Fact]
    public void AnsweredThrough_NobodyEverReports_GoesOnAfterTheWindow()
    {
        Accept("t1", version: 7);
        _time.Advance(_answers.Window + Moment);

        _answers.AnsweredThrough(9).Should().Be(9);
        Find("t2").Should().BeNull();
    }

    [Fact]
    public void Load_WhatAnotherLeft_IsLostAndTasksOfABatchAreOne()
    {
        _answers.Load([Left(1, 5, null), Left(2, 6, "batch_1"), Left(3, 7, "batch_1")]);

        Find("a").Should().Be("task-unified-1-1");
        Find("b").Should().Be("batch_1");
        _answers.AnsweredThrough(9).Should().Be(4);
        _answers.Answered("task-unified-1-1");
        _answers.AnsweredThrough(9).Should().Be(5);
    }

    private UnansweredTask Left(int number, long sequence, string? batch)
    {
        var price = PriceSnapshot.Of(MotionControlModel.Definition.Prices[0], MotionControlModel.Quality720, Tenant.DefaultGroup, 1m);
        return new(
            new()
            {
                Tenant = new("ten_a"),
                Id = new($"task-unified-1-{number}"),
                Version = 1,
                CreatedAt = _time.GetUtcNow(),
                ApiKeyId = Dance.ApiKeyId,
                BodyDigest = Dance.Digest,
                BatchId = batch,
                Request = new()
                {
                    Model = MotionControlModel.Id,
                    ImageUrl = "i",
                    VideoUrl = "v",
                    Quality = MotionControlModel.Quality720,
                    CharacterOrientation = MotionControlModel.OrientationVideo,
                },
                Price = price,
                MayUseSandbox = false,
                ReservedSeconds = 5,
                CreditsReserved = CreditAmount.Zero,
                QueueDeadline = _time.GetUtcNow(),
                GenerationTimeout = TimeSpan.FromHours(1),
                EstimatedSeconds = 180,
                Phase = new TaskPhase.Accepted(),
            },
            sequence);
    }

    private OpenAnswer Ask(string subject, string by = "api") => _answers.Ask(subject, Dance, by, 0);

    // As a request that is sent again: where it is an earlier one, it comes to nothing of its own.
    private string? Find(string subject, string by = "api")
    {
        var asked = Ask(subject, by);
        var earlier = _answers.FindEarlier(asked);
        _answers.Conclude(asked, accepted: false);
        return earlier?.Subject;
    }

    private void Accept(string subject, long version = 0) => _answers.Conclude(_answers.Ask(subject, Dance, "api", version), accepted: true);
}
