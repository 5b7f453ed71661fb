using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Tests.Tasks;

public sealed class TaskShardTests
{
    /// <summary>Golden values, from another program: stored shards must never move.</summary>
    [Theory]
    [InlineData("ten_a", "task-unified-1757156493-imcg5zqt", 6)]
    [InlineData("ten_4k2m8w", "task-unified-1757156493-imcg5zqt", 6)]
    [InlineData("demo", "task-unified-1", 2)]
    [InlineData("demo", "task-unified-2", 15)]
    [InlineData("A-Z_09", "task-unified-0-0000000000000000", 3)]
    [InlineData("test", "task-unified-1893456000-abcdefghjkmnpqrs", 1)]
    public void Of_KnownTask_IsItsShardForEver(string tenant, string task, int shard) =>
        TaskShard.Of(new(tenant), new(task)).Should().Be(shard);

    [Fact]
    public void Count_IsSixteen() => TaskShard.Count.Should().Be(16);

    [Fact]
    public void Of_ManyTasksOfOneTenant_AreSpreadEvenly()
    {
        var ids = new SeededIds(7);
        var tenant = new TenantId("ten_busy");
        var shards = new int[TaskShard.Count];
        for (var i = 0; i < 16_000; i++)
        {
            shards[TaskShard.Of(tenant, TaskId.New(DateTimeOffset.FromUnixTimeSeconds(1_893_456_000 + (i / 100)), ids))]++;
        }

        // 1000 each is expected, with a standard deviation of 31.
        shards.Should().AllSatisfy(count => count.Should().BeInRange(850, 1150));
    }

    [Fact]
    public void Of_TheFirstTaskOfManyTenants_IsSpreadEvenly()
    {
        var ids = new SeededIds(8);
        var shards = new int[TaskShard.Count];
        for (var i = 0; i < 16_000; i++)
        {
            shards[TaskShard.Of(new($"ten_{ids.Next(6)}"), new("task-unified-1893456000-0000000000000000"))]++;
        }

        shards.Should().AllSatisfy(count => count.Should().BeInRange(850, 1150));
    }

    private sealed class SeededIds(int seed) : IIdSource
    {
        private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
        private readonly Random _random = new(seed);

        public string Next(int length) => string.Create(length, _random, (span, random) =>
        {
            foreach (ref var c in span)
            {
                c = Alphabet[random.Next(Alphabet.Length)];
            }
        });
    }
}
