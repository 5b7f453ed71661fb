using System.Reflection;
using System.Text;
using AwesomeAssertions.Equivalency;
using Platform.Domain.Tasks;
using Platform.Storage.Json;

namespace Platform.Storage.Tests.Json;

/// <summary>
/// The golden files under <c>Golden/</c>: what any version ever wrote is read for ever, and what is written today is what they say.
/// A change of shape makes a new version with new files beside these.
/// </summary>
public sealed class GoldenFileTests
{
    public static TheoryData<string> TaskNames => [.. GoldenSamples.Tasks.Keys];

    public static TheoryData<string> EventNames => [.. GoldenSamples.Events.Keys];

    [Theory]
    [MemberData(nameof(TaskNames))]
    public void Task_OfEachPhase_IsWrittenAsTheFileSaysAndReadBack(string name)
    {
        var task = GoldenSamples.Tasks[name];
        var golden = Golden($"task-v1/{name}.json", TaskCodec.Write(task));

        Encoding.UTF8.GetString(TaskCodec.Write(task)).Should().Be(golden);
        TaskCodec.Read(task.Tenant, task.Id, task.Version, task.CreatedAt, task.EndedAt, Encoding.UTF8.GetBytes(golden))
            .Should().BeEquivalentTo(task, ByContent);
    }

    [Theory]
    [MemberData(nameof(EventNames))]
    public void Event_OfEachKind_IsWrittenAsTheFileSaysAndReadBack(string name)
    {
        var happened = GoldenSamples.Events[name];
        var golden = Golden($"event-v1/{name}.json", TaskEventCodec.Write(happened));

        TaskEventCodec.KindOf(happened).Should().Be(name);
        Encoding.UTF8.GetString(TaskEventCodec.Write(happened)).Should().Be(golden);
        TaskEventCodec.Read(name, happened.At, Encoding.UTF8.GetBytes(golden)).Should().BeEquivalentTo(happened, ByContent);
    }

    [Fact]
    public void AttemptStarted_WithASlot_IsWrittenAsTheFileSaysAndReadBack()
    {
        var happened = (TaskEvent.AttemptStarted)GoldenSamples.Events["attempt_started"] with { Slot = 3 };
        var golden = Golden("event-v1/attempt_started-in-slot.json", TaskEventCodec.Write(happened));

        Encoding.UTF8.GetString(TaskEventCodec.Write(happened)).Should().Be(golden);
        TaskEventCodec.Read("attempt_started", happened.At, Encoding.UTF8.GetBytes(golden)).Should().BeEquivalentTo(happened, ByContent);
    }

    [Fact]
    public void Lots_AreWrittenAsTheFileSaysAndReadBack()
    {
        var golden = Golden("lots-v1/lots.json", LotCodec.Write([.. GoldenSamples.Lots]));

        Encoding.UTF8.GetString(LotCodec.Write([.. GoldenSamples.Lots])).Should().Be(golden);
        LotCodec.ReadLots(Encoding.UTF8.GetBytes(golden)).Should().Equal(GoldenSamples.Lots);
    }

    [Fact]
    public void Slices_AreWrittenAsTheFileSaysAndReadBack()
    {
        var golden = Golden("lots-v1/slices.json", LotCodec.Write([.. GoldenSamples.Slices]));

        Encoding.UTF8.GetString(LotCodec.Write([.. GoldenSamples.Slices])).Should().Be(golden);
        LotCodec.ReadSlices(Encoding.UTF8.GetBytes(golden)).Should().Equal(GoldenSamples.Slices);
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("above-quote")]
    public void Batch_IsWrittenAsTheFileSaysAndReadBack(string name)
    {
        var batch = GoldenSamples.Batches[name];
        var golden = Golden($"batch-v1/{name}.json", Encoding.UTF8.GetBytes(BatchCodec.Write(batch)));

        BatchCodec.Write(batch).Should().Be(golden);
        BatchCodec.Read(Encoding.UTF8.GetBytes(golden)).Should().BeEquivalentTo(batch, ByContent);
    }

    [Fact]
    public void Samples_CoverEveryCaseOfTheUnions()
    {
        GoldenSamples.Batches.Values.SelectMany(b => b.Items).Select(i => i.Refusal?.Reason).OfType<ItemRefusalReason>().Should().BeEquivalentTo(Enum.GetValues<ItemRefusalReason>());
        GoldenSamples.Tasks.Values.Select(t => t.Phase.GetType()).Distinct().Should().BeEquivalentTo(Cases(typeof(TaskPhase)));
        GoldenSamples.Tasks.Values.Select(t => t.Phase).OfType<TaskPhase.Ended>().Select(p => p.Outcome.GetType()).Distinct()
            .Should().BeEquivalentTo(Cases(typeof(TaskOutcome)));
        GoldenSamples.Events.Values.Select(e => e.GetType()).Should().BeEquivalentTo(Cases(typeof(TaskEvent)));
    }

    [Theory]
    [InlineData("{\"v\":2}", "*version 2*versions 1 to 1*")]
    [InlineData("{}", "*version 0*")]
    [InlineData("{\"v\":1}", "*no 'key'*")]
    public void Read_UnknownVersionOrMissingPart_SaysSo(string json, string message)
    {
        var task = GoldenSamples.Tasks["accepted"];

        var act = () => TaskCodec.Read(task.Tenant, task.Id, 1, task.CreatedAt, null, Encoding.UTF8.GetBytes(json));

        act.Should().Throw<StoredJsonException>().WithMessage(message);
    }

    [Fact]
    public void Read_UnknownEventKindOrVersion_SaysSo()
    {
        var kind = () => TaskEventCodec.Read("teleported", default, "{\"v\":1}"u8);
        var version = () => TaskEventCodec.Read("cancelled", default, "{\"v\":9}"u8);
        var lots = () => LotCodec.ReadLots("{\"v\":9}"u8);

        kind.Should().Throw<StoredJsonException>().WithMessage("*'teleported'*");
        version.Should().Throw<StoredJsonException>().WithMessage("*version 9*");
        lots.Should().Throw<StoredJsonException>().WithMessage("*version 9*");
    }

    [Fact]
    public void Write_TextThatIsNoUnicode_IsKeptReadable()
    {
        var task = GoldenSamples.Tasks["accepted"];
        var broken = task with { Request = task.Request with { Prompt = "a\ud800b\0c" } };

        TaskCodec.Read(task.Tenant, task.Id, 1, task.CreatedAt, null, TaskCodec.Write(broken)).Request.Prompt.Should().Be("a\ufffdb\0c");
    }

    private static IEnumerable<Type> Cases(Type union) => union.GetNestedTypes(BindingFlags.Public).Where(t => t.IsSubclassOf(union));

    private static EquivalencyOptions<T> ByContent<T>(EquivalencyOptions<T> options) => options.PreferringRuntimeMemberTypes().WithStrictOrdering();

    // A missing file is written where PLATFORM_WRITE_GOLDEN names the folder in the source tree; then it is to be looked at and committed.
    private static string Golden(string name, byte[] today)
    {
        if (Environment.GetEnvironmentVariable("PLATFORM_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path))
            {
                File.WriteAllText(path, Encoding.UTF8.GetString(today) + "\n");
            }

            return File.ReadAllText(path).TrimEnd('\n');
        }

        return File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name)).TrimEnd('\n');
    }
}
