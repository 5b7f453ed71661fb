using System.Text;
using Platform.Domain.Webhooks;

namespace Platform.Domain.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    private const string Vector = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"test\": 2432232314}");

    // The published example of Standard Webhooks.
    [Fact]
    public void Sign_VectorOfTheSpecification_IsTheirSignature() => Sign(Vector)
        .Should().Be("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void Sign_SeveralKeys_GivesOneSignatureForEach()
    {
        var other = WebhookSecret.NewText(new CountingIds());

        Sign(other, Vector).Split(' ').Should().Equal(Sign(other), Sign(Vector));
    }

    [Fact]
    public void Sign_NoKey_IsABug()
    {
        var act = () => Sign();

        act.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void NewText_Always_IsASecretOf32BytesAndAnotherEachTime()
    {
        var ids = new CountingIds();
        var (first, second) = (WebhookSecret.NewText(ids), WebhookSecret.NewText(ids));

        first.Should().StartWith("whsec_").And.NotBe(second);
        WebhookSecret.KeyOf(first).Should().HaveCount(32);
    }

    [Fact]
    public void KeyOf_AnythingElse_IsRefused()
    {
        var act = () => WebhookSecret.KeyOf("sk-whatever");

        act.Should().Throw<FormatException>();
    }

    [Fact]
    public void Headers_OfTries_KeepTheIdAndTheTraceAndDifferInTheSpan()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1_614_265_330);
        var first = WebhookHeaders.Of("msg_1", "dlv_1", 1, at).ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal);
        var second = WebhookHeaders.Of("msg_1", "dlv_1", 2, at.AddSeconds(5)).ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal);

        first["webhook-id"].Should().Be("msg_1").And.Be(second["webhook-id"]);
        first["webhook-timestamp"].Should().Be("1614265330");
        second["webhook-timestamp"].Should().Be("1614265335");
        first["traceparent"].Should().MatchRegex("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$");
        first["traceparent"][..36].Should().Be(second["traceparent"][..36]);
        first["traceparent"].Should().NotBe(second["traceparent"]);
    }

    private static string Sign(params string[] secrets) => WebhookSignature.Sign(
        [.. secrets.Select(WebhookSecret.KeyOf)], "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1_614_265_330), Body);

    private sealed class CountingIds : IIdSource
    {
        private int _count;

        public string Next(int length) => $"{_count++}".PadLeft(length, 'x');
    }
}
