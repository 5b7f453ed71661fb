using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Contract;
using Platform.Api.Tests.Hosting;
using Platform.Api.Tests.Videos;
using Platform.Domain.Catalog;

namespace Platform.Api.Tests.Catalog;

/// <summary>The one schema: what it refuses, what it accepts, and that its JSON Schema says the same.</summary>
public sealed class ParameterSchemaTests
{
    private static readonly Inputs Inputs = new("https://example.com/character.png", "https://example.com/dance.mp4");

    public static TheoryData<string> Breakages => [.. Breakage.Of(MotionControlParameters.Schema).Select(b => b.Name)];

    [Theory]
    [MemberData(nameof(Breakages))]
    public void Read_OneRuleBroken_NamesTheParameter(string name)
    {
        var breakage = Breakage.Of(MotionControlParameters.Schema).Single(b => b.Name == name);
        var body = Bodies.Full(Inputs);
        Read(body).Violations.Should().BeEmpty("the body is good before it is broken");
        breakage.Apply(body);

        var reading = Read(body);

        reading.Request.Should().BeNull();
        reading.Violations[0].Parameter.Should().Be(breakage.Param);
        reading.Violations[0].Message.Should().StartWith($"'{breakage.Param}' ").And.MatchRegex(@"[.?]$");
        IsAcceptedBySchema(body).Should().BeFalse("the JSON Schema says the same");
    }

    [Fact]
    public void Breakages_OfTheSchema_ReachEveryParameter() =>
        Breakage.Of(MotionControlParameters.Schema).Select(b => b.Param.Split('[')[0]).Distinct().Should().Contain(
            [
                "model", "image_urls", "video_urls", "prompt", "quality", "model_params", "model_params.character_orientation",
                "model_params.keep_sound", "model_params.element_list", "model_params.watermark_info",
                "model_params.watermark_info.enabled", "callback_url", "metadata", "end_user",
            ]);

    [Fact]
    public void Read_PagesExamples_AreAccepted()
    {
        var first = Read(JsonNode.Parse(Bodies.OfThePage(Inputs))!.AsObject());
        var second = Read(Bodies.Full(Inputs));

        first.Violations.Should().BeEmpty();
        first.Request!.KeepSound.Should().BeTrue();
        first.Request.Watermark.Should().BeFalse();
        second.Request!.ElementId.Should().Be("12345");
        second.Request.KeepSound.Should().BeFalse();
        second.Request.Watermark.Should().BeTrue();
    }

    [Theory]
    [InlineData("model_params.keep_sound", "true")]
    [InlineData("model_params.element_list", "[]")]
    [InlineData("model_params.watermark_info", "{}")]
    [InlineData("model_params.watermark_info", """{"enabled":false}""")]
    [InlineData("model_params.watermark_info", """{"enabled":null}""")]
    [InlineData("prompt", "\"\"")]
    [InlineData("callback_url", "null")]
    [InlineData("metadata", "{}")]
    [InlineData("end_user", "\"\"")]
    public void Read_OptionalAbsentNullOrDefault_IsTheSameRequest(string path, string @default)
    {
        var requests = new[] { null, "null", @default }.Select(value =>
        {
            var body = Bodies.Hanging(Inputs);
            body.Remove("prompt");
            if (value is not null)
            {
                var at = path.StartsWith("model_params.", StringComparison.Ordinal) ? body["model_params"]!.AsObject() : body;
                at[path.Split('.')[^1]] = JsonNode.Parse(value);
            }

            IsAcceptedBySchema(body).Should().BeTrue();
            return JsonSerializer.Serialize(Read(body).Request);
        });

        requests.Distinct().Should().ContainSingle().Which.Should().NotBe("null");
    }

    [Fact]
    public void Read_UrlAsStringAndAsArray_IsTheSameRequest()
    {
        var asArray = Bodies.Hanging(Inputs);
        asArray["image_urls"] = new JsonArray(Inputs.ImageUrl);
        asArray["video_urls"] = new JsonArray(Inputs.VideoUrl);

        JsonSerializer.Serialize(Read(asArray).Request).Should().Be(JsonSerializer.Serialize(Read(Bodies.Hanging(Inputs)).Request));
    }

    [Theory]
    [InlineData("prompt", 2500)]
    [InlineData("end_user", 128)]
    public void Read_LongestText_IsCountedInCodePoints(string name, int most)
    {
        var body = Bodies.Full(Inputs);
        body[name] = string.Concat(Enumerable.Repeat("\U0001F600", most));
        Read(body).Violations.Should().BeEmpty();
        IsAcceptedBySchema(body).Should().BeTrue();
        body[name] = string.Concat(Enumerable.Repeat("\U0001F600", most + 1));

        Read(body).Violations.Should().ContainSingle().Which.Message.Should().Contain($"{most + 1} characters").And.Contain($"at most {most}");
        IsAcceptedBySchema(body).Should().BeFalse();
    }

    [Theory]
    [InlineData("keep_sound", "model_params.keep_sound")]
    [InlineData("character_orientation", "model_params.character_orientation")]
    [InlineData("enabled", "model_params.watermark_info.enabled")]
    public void Read_ParameterInTheWrongPlace_SaysWhereItBelongs(string name, string place)
    {
        var body = Bodies.Full(Inputs);
        body[name] = true;

        Read(body).Violations.Should().ContainSingle().Which.Message.Should().Be($"'{name}' is not a parameter; did you mean '{place}'?");
    }

    [Fact]
    public void Read_ManyFaults_AreBounded()
    {
        var body = new JsonObject();
        for (var i = 0; i < 5_000; i++)
        {
            body[$"x{i}"] = 1;
        }

        Read(body).Violations.Should().HaveCountLessThan(20);
    }

    [Fact]
    public void Read_WhatTheJsonSchemaAccepts_IsAccepted()
    {
        // Random changes to a good body, most of them bad: both must say the same of each.
        var random = new Random(20261123);
        var breakages = Breakage.Of(MotionControlParameters.Schema);
        var accepted = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var body = random.Next(2) == 0 ? Bodies.Full(Inputs) : Bodies.Hanging(Inputs);
            for (var changes = random.Next(3); changes > 0; changes--)
            {
                if (random.Next(3) == 0)
                {
                    breakages[random.Next(breakages.Count)].Apply(body);
                }
                else
                {
                    Harmless(body, random);
                }
            }

            var reading = Read(body);
            IsAcceptedBySchema(body).Should().Be(reading.Request is not null, body.ToJsonString());
            accepted += reading.Request is null ? 0 : 1;
        }

        accepted.Should().BeInRange(1_000, 4_500, "both kinds are met often");
    }

    [Fact]
    public void JsonSchema_OfTheModel_SaysAllOfThePage()
    {
        var schema = MotionControlParameters.Schema.JsonSchema;

        schema.GetProperty("$schema").GetString().Should().Be("https://json-schema.org/draft/2020-12/schema");
        schema.GetProperty("additionalProperties").GetBoolean().Should().BeFalse();
        schema.GetProperty("required").EnumerateArray().Select(r => r.GetString())
            .Should().Equal("model", "image_urls", "video_urls", "quality", "model_params");
        var notes = schema.GetProperty("properties").GetProperty("video_urls").GetProperty("x-notes").EnumerateArray().Select(n => n.GetString());
        notes.Should().Contain(["Formats: MP4, MOV", "Max size: 100MB", "Dimensions: 340px-3850px per side", "Duration: 3s minimum", "Max 10s (image orientation) or 30s (video orientation)"]);
        schema.GetProperty("properties").GetProperty("image_urls").GetProperty("x-notes").EnumerateArray().Select(n => n.GetString())
            .Should().Contain(["Formats: JPG, JPEG, PNG", "Max size: 10MB", "Dimensions: 300px-65536px per side", "Aspect ratio: 1:2.5 to 2.5:1"]);
        var keepSound = schema.GetProperty("properties").GetProperty("model_params").GetProperty("properties").GetProperty("keep_sound");
        keepSound.GetProperty("default").GetBoolean().Should().BeTrue();
        foreach (var parameter in schema.GetProperty("properties").EnumerateObject())
        {
            parameter.Value.GetProperty("description").GetString().Should().NotBeEmpty();
            foreach (var example in parameter.Value.TryGetProperty("examples", out var examples) ? examples.EnumerateArray() : default)
            {
                JsonSchemaCheck.Accepts(parameter.Value, example).Should().BeTrue("the example of {0} is good", parameter.Name);
            }
        }
    }

    private static void Harmless(JsonObject body, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                body["prompt"] = random.Next(2) == 0 ? null : new string('p', random.Next(2500));
                break;
            case 1:
                body["image_urls"] = new JsonArray("https://example.com/" + random.Next(1000));
                break;
            case 2:
                body["metadata"] = new JsonObject { ["k" + random.Next(10)] = "v" };
                break;
            case 3:
                body["callback_url"] = random.Next(2) == 0 ? null : $"HTTPS://example.com:{random.Next(1, 65535)}?a=@b";
                break;
            case 4:
                body["quality"] = random.Next(2) == 0 ? "720p" : "1080p";
                break;
            default:
                body.Remove("end_user");
                break;
        }
    }

    private static RequestReading Read(JsonObject body)
    {
        using var document = JsonDocument.Parse(body.ToJsonString());
        return MotionControlRequest.Read(document.RootElement);
    }

    private static bool IsAcceptedBySchema(JsonObject body) =>
        JsonSchemaCheck.Accepts(MotionControlParameters.Schema.JsonSchema, JsonSerializer.SerializeToElement(body));
}
