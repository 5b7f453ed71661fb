using CsCheck;
using Platform.Domain.Tasks;
using Platform.Upstreams.Sandbox;

namespace Platform.Upstreams.Tests.Sandbox;

public sealed class SandboxScriptTests
{
    public static TheoryData<string> FailCodes =>
        [.. TaskErrorCodes.All.Where(code => code != TaskErrorCode.RequestCancelled).Select(code => code.WireName())];

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a knight dances")]
    [InlineData("[sandbox] [sandbox hang] sandbox:hang")]
    [InlineData("[sandbox:hang")]
    [InlineData("tail [sandbox:")]
    public void Read_OrdinaryText_SaysNothing(string? prompt) => Understood(prompt).Should().Be(new SandboxScript());

    [Theory]
    [MemberData(nameof(FailCodes))]
    public void Read_Fail_TakesEachTaskError(string code) =>
        Understood($"a knight [sandbox:fail={code}] dances").Should().Be(new SandboxScript { Fail = TaskErrorCodes.Parse(code) });

    [Fact]
    public void Read_EachOtherInstruction_IsUnderstood()
    {
        Understood("[sandbox:refuse=busy]").Refuse.Should().Be(SandboxRefusal.Busy);
        Understood("[sandbox:refuse=here]").Refuse.Should().Be(SandboxRefusal.Here);
        Understood("[sandbox:refuse=policy]").Refuse.Should().Be(SandboxRefusal.Policy);
        Understood("[sandbox:refuse=account]", allowAccountRefusal: true).Refuse.Should().Be(SandboxRefusal.Account);
        Understood("[sandbox:hang]").Hang.Should().BeTrue();
        Understood("[sandbox:unclear]").Unclear.Should().BeTrue();
        Understood("[sandbox:no-content]").Fail.Should().Be(TaskErrorCode.GenerationFailedNoContent);
    }

    [Theory]
    [InlineData("30s", 30_000)]
    [InlineData("0.1s", 100)]
    [InlineData("1.5m", 90_000)]
    [InlineData("60m", 3_600_000)]
    public void Read_Late_TakesSecondsAndMinutes(string value, int milliseconds) =>
        Understood($"[sandbox:late={value}]").Late.Should().Be(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("3.4", 3.4)]
    [InlineData("0.1", 0.1)]
    [InlineData("30", 30)]
    public void Read_Short_TakesSeconds(string value, double seconds) =>
        Understood($"[sandbox:short={value}]").ShortSeconds.Should().Be((decimal)seconds);

    [Fact]
    public void Read_SeveralThatFitTogether_TakesAll() =>
        Understood("[SANDBOX: late = 5s ]and[sandbox:Short=3] and [sandbox:unclear]").Should().Be(
            new SandboxScript { Late = TimeSpan.FromSeconds(5), ShortSeconds = 3m, Unclear = true });

    [Theory]
    [InlineData("[sandbox:]")]
    [InlineData("[sandbox:explode]")]
    [InlineData("[sandbox:fail]")]
    [InlineData("[sandbox:fail=]")]
    [InlineData("[sandbox:fail=request_cancelled]")]
    [InlineData("[sandbox:fail=nonsense]")]
    [InlineData("[sandbox:refuse=account]")]
    [InlineData("[sandbox:refuse=1]")]
    [InlineData("[sandbox:hang=1]")]
    [InlineData("[sandbox:late=30]")]
    [InlineData("[sandbox:late=s]")]
    [InlineData("[sandbox:late=0s]")]
    [InlineData("[sandbox:late=-1s]")]
    [InlineData("[sandbox:late=61m]")]
    [InlineData("[sandbox:late=99999999999999999999999999999m]")]
    [InlineData("[sandbox:short=0]")]
    [InlineData("[sandbox:short=30.1]")]
    [InlineData("[sandbox:short=1e1]")]
    [InlineData("[sandbox:short=NaN]")]
    [InlineData("[sandbox:hang][sandbox:hang]")]
    [InlineData("[sandbox:late=1s][sandbox:late=2s]")]
    [InlineData("[sandbox:fail=service_error][sandbox:no-content]")]
    [InlineData("[sandbox:fail=service_error][sandbox:hang]")]
    [InlineData("[sandbox:refuse=busy][sandbox:hang]")]
    public void Read_UnknownOrContradicting_SaysWhatIsAllowed(string prompt) =>
        SandboxScript.Read(prompt, allowAccountRefusal: false)
            .Should().BeOfType<SandboxScriptReading.Invalid>().Which.Message.Should().Contain(SandboxScript.Allowed);

    [Fact]
    public void Read_HugeInstruction_AnswersShortly()
    {
        var prompt = "[sandbox:fail=" + new string('x', 10_000_000) + "]";

        SandboxScript.Read(prompt, allowAccountRefusal: false)
            .Should().BeOfType<SandboxScriptReading.Invalid>().Which.Message.Length.Should().BeLessThan(500);
    }

    [Fact]
    public void Read_AnyText_NeverThrows() =>
        Gen.OneOf(Gen.Const("[sandbox:"), Gen.Const("]"), Gen.Const("fail="), Gen.Const("late="), Gen.Const("short="), Gen.String)
            .Array[0, 12].Select(string.Concat)
            .Sample(prompt => SandboxScript.Read(prompt, allowAccountRefusal: true) is not null, iter: 2_000);

    private static SandboxScript Understood(string? prompt, bool allowAccountRefusal = false) =>
        SandboxScript.Read(prompt, allowAccountRefusal).Should().BeOfType<SandboxScriptReading.Understood>().Which.Script;
}
