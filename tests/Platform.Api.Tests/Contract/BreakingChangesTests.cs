using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Api.Tests.Contract;

/// <summary>A change of the document that breaks clients is found, and one that does not is none.</summary>
public sealed class BreakingChangesTests
{
    private const string Document = """
        {
          "paths": {
            "/v1/things": {
              "get": {
                "operationId": "listThings",
                "parameters": [{ "name": "kind", "in": "query", "required": false, "schema": { "type": "string", "enum": ["a", "b"] } }],
                "responses": {
                  "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Things" } } } },
                  "404": {}
                }
              },
              "post": {
                "operationId": "createThing",
                "requestBody": { "content": { "application/json": { "schema": {
                  "type": "object", "required": ["name"], "properties": { "name": { "type": "string" }, "note": { "type": "string" } } } } } },
                "responses": { "200": {} }
              }
            }
          },
          "components": { "schemas": {
            "Things": { "type": "object", "required": ["data"], "properties": { "data": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } } } },
            "Thing": { "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" }, "more": { "type": "string" } } }
          } }
        }
        """;

    public static TheoryData<string, string, string> Breaks => new()
    {
        { "paths//v1/things", "", "GET /v1/things is gone" },
        { "paths//v1/things/post", "", "POST /v1/things is gone" },
        { "paths//v1/things/get/operationId", "\"getThings\"", "GET /v1/things has another operationId" },
        { "paths//v1/things/get/parameters", "[]", "GET /v1/things query parameter kind is gone" },
        { "paths//v1/things/get/parameters/0/required", "true", "GET /v1/things query parameter kind is required now" },
        { "paths//v1/things/get/parameters/0/schema/enum", "[\"b\",\"c\"]", "GET /v1/things query parameter kind no longer knows a" },
        { "paths//v1/things/get/responses/200", "", "GET /v1/things no longer answers 200" },
        { "paths//v1/things/post/requestBody/content/application~json/schema/required", "[\"name\",\"note\"]", "POST /v1/things body.note is required now" },
        { "paths//v1/things/post/requestBody/content/application~json/schema/properties/note", "", "POST /v1/things body.note is gone" },
        { "components/schemas/Thing/properties/more", "", "GET /v1/things 200.data[].more is gone" },
        { "components/schemas/Thing/properties/id/type", "\"string\"", "GET /v1/things 200.data[].id was \"integer\" and is \"string\"" },
        { "components/schemas/Thing/required", "[]", "GET /v1/things 200.data[].id may be absent now" },
    };

    public static TheoryData<string, string> Additions => new()
    {
        { "paths//v1/more", "{}" },
        { "paths//v1/things/get/responses/429", "{}" },
        { "paths//v1/things/get/parameters/0/schema/enum", "[\"a\",\"b\",\"c\"]" },
        { "paths//v1/things/post/requestBody/content/application~json/schema/properties/extra", "{\"type\":\"string\"}" },
        { "components/schemas/Thing/properties/extra", "{\"type\":\"string\"}" },
        { "components/schemas/Thing/required", "[\"id\",\"more\"]" },
    };

    [Theory]
    [MemberData(nameof(Breaks))]
    public void Between_ABreak_SaysIt(string at, string json, string expected) => Between(Changed(at, json)).Should().Contain(expected);

    [Theory]
    [MemberData(nameof(Additions))]
    public void Between_AnAddition_FindsNothing(string at, string json) => Between(Changed(at, json)).Should().BeEmpty();

    [Fact]
    public void Between_Same_FindsNothing() => Between(Document).Should().BeEmpty();

    // Before the first release nothing was promised, and there is nothing to compare with.
    [Fact]
    public void CommittedDocument_KeepsWhatTheLastTagPromised()
    {
        var now = File.ReadAllText(Path.Combine(CommittedDocumentTests.Repository(), CommittedDocumentTests.Copy));
        var released = Git("describe", "--tags", "--abbrev=0") is { } tag ? Git("show", $"{tag}:{CommittedDocumentTests.Copy}") : null;
        using var newer = JsonDocument.Parse(now);
        using var older = JsonDocument.Parse(released ?? now);
        BreakingChanges.Between(older.RootElement, newer.RootElement).Should().BeEmpty("clients of the last release must go on working");
    }

    private static IReadOnlyList<string> Between(string changed)
    {
        using var older = JsonDocument.Parse(Document);
        using var newer = JsonDocument.Parse(changed);
        return BreakingChanges.Between(older.RootElement, newer.RootElement);
    }

    // Names that hold a slash are written with what stands for it: the path with two, the media type with ~.
    private static string Changed(string at, string json)
    {
        var steps = at.Replace("//v1/", "/|v1|", StringComparison.Ordinal).Split('/')
            .Select(s => s.Replace('|', '/').Replace('~', '/')).ToList();
        var root = JsonNode.Parse(Document)!;
        var node = steps.SkipLast(1).Aggregate(root, (n, step) => n is JsonArray array ? array[int.Parse(step)]! : n[step]!);
        if (json.Length == 0)
        {
            node.AsObject().Remove(steps[^1]).Should().BeTrue("{0} is there", at);
        }
        else
        {
            node[steps[^1]] = JsonNode.Parse(json);
        }

        return root.ToJsonString();
    }

    private static string? Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = CommittedDocumentTests.Repository(),
        })!;
        git.ErrorDataReceived += static (_, _) => { };
        git.BeginErrorReadLine();
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output.Trim() : null;
    }
}
