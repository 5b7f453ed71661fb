using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Platform.Api.Tests.Hosting;
using Platform.Domain.Catalog;
using Xunit.Abstractions;

namespace Platform.Api.Tests.Videos;

/// <summary>Bodies made from good ones by seeded mutation: none may become a task, and none may break anything.</summary>
[Collection(PlatformCollection.Name)]
public sealed class MutationTests(TestPlatform platform, ITestOutputHelper output)
{
    private const int Count = 20_000;
    private const int Connections = 8;
    private const int Seed = 20261123;

    [Fact]
    public async Task Create_MutatedBodies_AreRefusedByNameAndMakeNoTask()
    {
        var tenant = await platform.NewTenantAsync(credits: 1_000);
        var inputs = await tenant.UploadSamplesAsync();
        var before = await tenant.CreditsAsync();
        var wrong = new ConcurrentQueue<string>();
        var started = Stopwatch.GetTimestamp();

        await Parallel.ForEachAsync(
            MutatedBody.Stream(Seed, inputs).Take(Count),
            new ParallelOptions { MaxDegreeOfParallelism = Connections },
            async (body, cancellationToken) =>
            {
                using var response = await tenant.Client.PostAsync(
                    "/v1/videos/generations", Json.Content(body.Bytes, body.ContentType), cancellationToken);
                var answer = await response.Content.ReadAsStringAsync(cancellationToken);
                if (Complaint(body, (int)response.StatusCode, answer) is { } complaint)
                {
                    wrong.Enqueue($"{complaint}: {Encoding.UTF8.GetString(body.Bytes)} → {(int)response.StatusCode} {answer}");
                }
            });

        output.WriteLine($"{Count} bodies in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        wrong.Take(5).Should().BeEmpty();
        (await tenant.CreditsAsync()).Should().Be(before);
        (await tenant.GetJsonAsync("/v1/tasks")).GetProperty("data").GetArrayLength().Should().Be(0);
        platform.Errors.Lines.Should().BeEmpty();
    }

    [Fact]
    public void Read_AnyBytesChanged_NeverThrows()
    {
        var inputs = new Inputs("https://example.com/a.png", "https://example.com/b.mp4");
        var random = new Random(Seed);
        var good = new[] { Bodies.Full(inputs), Bodies.Hanging(inputs) }.Select(b => Encoding.UTF8.GetBytes(b.ToJsonString())).ToArray();
        var parsed = 0;
        for (var i = 0; i < Count; i++)
        {
            var bytes = good[i % 2].ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                using var document = JsonDocument.Parse(bytes);
                parsed++;
                var reading = MotionControlRequest.Read(document.RootElement);
                (reading.Request is null).Should().Be(reading.Violations.Count > 0);
            }
            catch (JsonException)
            {
                // No JSON any more: the reader does not get to see it.
            }
        }

        parsed.Should().BeGreaterThan(Count / 20);
    }

    private static string? Complaint(MutatedBody body, int status, string answer)
    {
        if (status != body.Expected)
        {
            return $"expected {body.Expected}";
        }

        using var document = JsonDocument.Parse(answer);
        var error = document.RootElement.GetProperty("error");
        return body.Params.Count > 0 && (error.Param() is not { } param || !body.Params.Any(p => IsOrIsOf(param, p)))
            ? $"expected one of {string.Join(", ", body.Params)} to be named"
            : null;
    }

    private static bool IsOrIsOf(string param, string expected) =>
        param == expected || (!expected.Contains('.', StringComparison.Ordinal) && param.StartsWith(expected + ".", StringComparison.Ordinal));
}
