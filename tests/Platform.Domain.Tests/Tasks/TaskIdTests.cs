using Platform.Domain.Tasks;

namespace Platform.Domain.Tests.Tasks;

public sealed class TaskIdTests
{
    public static TheoryData<string?> Invalid => new()
    {
        null, "", "task-unified-", "task-unified", "Task-unified-1", "xtask-unified-1", "task-unified-a/b", "task-unified-a_b",
        "task-unified-é", "task-unified-1\n", "task-unified- ", "task-unified-" + new string('a', 84),
    };

    [Theory]
    [InlineData("task-unified-1")]
    [InlineData("task-unified-1757156493-imcg5zqt")]
    [InlineData("task-unified-A-Z-")]
    public void IsValid_PrefixAndAlphabet_IsTrue(string text)
    {
        TaskId.IsValid(text).Should().BeTrue();
        new TaskId(text).ToString().Should().Be(text);
    }

    [Fact]
    public void IsValid_LongestText_IsTrue() => TaskId.IsValid("task-unified-" + new string('a', 83)).Should().BeTrue();

    [Theory]
    [MemberData(nameof(Invalid))]
    public void IsValid_AnythingElse_IsFalse(string? text)
    {
        TaskId.IsValid(text).Should().BeFalse();
        ((Func<TaskId>)(() => new TaskId(text!))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void New_AnyTime_HasSecondsAndSixteenRandomCharacters()
    {
        var id = TaskId.New(DateTimeOffset.FromUnixTimeSeconds(1757156493).AddMilliseconds(999), new CountingIds());

        id.Value.Should().Be("task-unified-1757156493-0000000000000001");
    }

    private sealed class CountingIds : IIdSource
    {
        private int _last;

        public string Next(int length) => (++_last).ToString().PadLeft(length, '0');
    }
}
