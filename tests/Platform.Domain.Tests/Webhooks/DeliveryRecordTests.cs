using CsCheck;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Domain.Tests.Webhooks;

public sealed class DeliveryRecordTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly WebhookEndpoint Endpoint = new()
    {
        Id = "we_1",
        Tenant = new("ten_ann"),
        Version = 1,
        Url = "https://a.example/",
        CreatedAt = Noon,
    };

    [Theory]
    [InlineData(AttemptOutcome.Succeeded, 204, DeliveryStatus.Succeeded)]
    [InlineData(AttemptOutcome.Answered, 302, DeliveryStatus.Pending)]
    [InlineData(AttemptOutcome.Answered, 404, DeliveryStatus.Pending)]
    [InlineData(AttemptOutcome.Answered, 503, DeliveryStatus.Pending)]
    [InlineData(AttemptOutcome.Answered, 410, DeliveryStatus.Failed)]
    [InlineData(AttemptOutcome.TimedOut, null, DeliveryStatus.Pending)]
    [InlineData(AttemptOutcome.Unreachable, null, DeliveryStatus.Pending)]
    [InlineData(AttemptOutcome.Refused, null, DeliveryStatus.Pending)]
    public void Of_FirstTry_LeadsOnAsTheOutcomeSays(AttemptOutcome outcome, int? status, DeliveryStatus expected)
    {
        var record = DeliveryRecord.Of(Delivery("we_1"), Noon, "https://a.example/", Result(outcome, status), Noon, 0.5);

        record.Status.Should().Be(expected);
        record.DueAt.Should().Be(expected == DeliveryStatus.Pending ? Noon.AddSeconds(5) : null);
        record.Attempt.Number.Should().Be(1);
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData("we_1", 8)]
    public void Of_FailuresOnly_EndsAfterTheLastTryOfItsSchedule(string? endpoint, int tries)
    {
        var delivery = Delivery(endpoint) with { Attempts = 3, AttemptsBefore = 3 };
        for (var i = 1; i <= tries; i++)
        {
            var record = DeliveryRecord.Of(delivery, Noon, delivery.Url, Result(AttemptOutcome.Answered, 500), Noon, 0.5);
            record.Status.Should().Be(i < tries ? DeliveryStatus.Pending : DeliveryStatus.Failed);
            delivery = delivery with { Attempts = record.Attempt.Number };
        }

        delivery.Attempts.Should().Be(3 + tries);
    }

    [Fact]
    public void DisabledBy_Results_DisableWhatIsGoneOrHasFailedForDays()
    {
        var patience = TimeSpan.FromDays(3);
        var failing = Endpoint with { FailingSince = Noon };

        Endpoint.DisabledBy(Result(AttemptOutcome.Answered, 410), Noon, patience).Should().Be(EndpointDisabledReason.Gone);
        Endpoint.DisabledBy(Result(AttemptOutcome.Answered, 500), Noon, patience).Should().BeNull();
        failing.DisabledBy(Result(AttemptOutcome.TimedOut, null), Noon + patience, patience).Should().Be(EndpointDisabledReason.Failing);
        failing.DisabledBy(Result(AttemptOutcome.TimedOut, null), (Noon + patience).AddTicks(-1), patience).Should().BeNull();
        failing.DisabledBy(Result(AttemptOutcome.Succeeded, 200), Noon + patience, patience).Should().BeNull();
        (failing with { DisabledReason = EndpointDisabledReason.ByTenant }).DisabledBy(Result(AttemptOutcome.Answered, 410), Noon, patience).Should().BeNull();
    }

    [Fact]
    public void Window_AnyResults_StaysWithinItsBoundsAndRecovers() =>
        Gen.Select(Gen.Int[1, 64], Gen.Bool.List[0, 100]).Sample((most, slow) =>
        {
            var window = ReceiverWindow.Open(most);
            foreach (var isSlow in slow)
            {
                var before = window.Size;
                window = window.After(Result(isSlow ? AttemptOutcome.TimedOut : AttemptOutcome.Answered, isSlow ? null : 200));
                if (window.Size < 1 || window.Size > most || (isSlow ? window.Size > before : window.Size < before))
                {
                    return false;
                }
            }

            for (var i = 0; i < 8; i++)
            {
                window = window.After(Result(AttemptOutcome.Succeeded, 200));
            }

            return window.Size == most;
        });

    [Fact]
    public void Window_ReceiverThatHangs_TiesDownTwoPlacesOnly()
    {
        var window = ReceiverWindow.Open(16);
        for (var i = 0; i < 16; i++)
        {
            window = window.After(Result(AttemptOutcome.TimedOut, null));
        }

        window.Size.Should().Be(2);
    }

    private static AttemptResult Result(AttemptOutcome outcome, int? status) => new(outcome, TimeSpan.Zero) { StatusCode = status };

    private static WebhookDelivery Delivery(string? endpoint) => new()
    {
        Id = "dlv_1",
        Tenant = new TenantId("ten_ann"),
        MessageId = "msg_1",
        EventType = WebhookEvents.TaskCompleted,
        EndpointId = endpoint,
        Url = "https://a.example/",
        Lane = "ten_ann/we_1",
        ScheduledFrom = Noon,
        CreatedAt = Noon,
        DueAt = Noon,
    };
}
