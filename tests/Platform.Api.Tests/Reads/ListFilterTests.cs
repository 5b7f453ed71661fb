using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Reads;

[Collection(PlatformCollection.Name)]
public sealed class ListFilterTests(TestPlatform platform)
{
    [Fact]
    public async Task List_ByTypeUserAndMetadata_ShowsWhatMatchesAll()
    {
        var (tenant, ids) = await FillAsync();

        (await tenant.GetJsonAsync("/v1/tasks?type=video")).Ids().Should().BeEquivalentTo(ids);
        (await tenant.GetJsonAsync("/v1/tasks?end_user=u%201")).Ids().Should().BeEquivalentTo(ids[0], ids[2]);
        (await tenant.GetJsonAsync("/v1/tasks?metadata.order=%C3%A9%20%26")).Ids().Should().BeEquivalentTo(ids[0], ids[1]);
        (await tenant.GetJsonAsync("/v1/tasks?metadata.order=%C3%A9%20%26&metadata.n=1")).Ids().Should().Equal(ids[1]);
        (await tenant.GetJsonAsync("/v1/tasks?metadata.order=%C3%A9%20%26&metadata.n=1&end_user=u%201")).Ids().Should().BeEmpty();
        (await (await platform.NewTenantAsync()).GetJsonAsync("/v1/tasks?metadata.n=1")).Ids().Should().BeEmpty();
    }

    [Fact]
    public async Task List_ByPages_ShowsEachOnceAndTheTotal()
    {
        var (tenant, ids) = await FillAsync();

        var first = await tenant.GetJsonAsync("/v1/tasks?page=1&page_size=2");
        var second = await tenant.GetJsonAsync("/v1/tasks?page=2&page_size=2");
        var beyond = await tenant.GetJsonAsync("/v1/tasks?page=9");

        first.Ids().Concat(second.Ids()).Should().BeEquivalentTo(ids).And.OnlyHaveUniqueItems();
        first.Names().Should().Equal("data", "page", "page_size", "total", "has_more", "object");
        (Int(first, "page"), Int(first, "page_size"), Int(first, "total"), first.GetProperty("has_more").GetBoolean()).Should().Be((1, 2, 3, true));
        (Int(second, "page"), Int(second, "total"), second.GetProperty("has_more").GetBoolean()).Should().Be((2, 3, false));
        (Int(beyond, "page_size"), Int(beyond, "total"), beyond.Ids().Count()).Should().Be((20, 3, 0));
        Int(await tenant.GetJsonAsync("/v1/tasks?page_size=50&metadata.n=1"), "total").Should().Be(1);
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=10001", "page")]
    [InlineData("page_size=51", "page_size")]
    [InlineData("page=1&after=MTc5NTQzNTIwMDAwMDp0YXNrLXVuaWZpZWQtMS1h", "after")]
    [InlineData("page_size=5&limit=5", "limit")]
    [InlineData("type=audio", "type")]
    [InlineData("metadata.=1", "metadata.")]
    [InlineData("metadata.a=1&metadata.a=2", "metadata.a")]
    [InlineData("metadata=1", "metadata")]
    [InlineData("end_user=a&end_user=b", "end_user")]
    public async Task List_BadFilter_NamesTheParameter(string query, string param)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.GetAsync($"/v1/tasks?{query}");

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", param);
    }

    [Fact]
    public async Task List_SeventeenPairs_AreTooMany()
    {
        var tenant = await platform.NewTenantAsync();
        var query = string.Join('&', Enumerable.Range(10, 17).Select(i => $"metadata.k{i}=v"));

        using var response = await tenant.Client.GetAsync($"/v1/tasks?{query}");

        (await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "metadata.k26")).Should().Contain("at most 16");
    }

    private static int Int(JsonElement value, string name) => value.GetProperty(name).GetInt32();

    private async Task<(TestTenant Tenant, List<string> Ids)> FillAsync()
    {
        var tenant = await platform.NewTenantAsync(credits: 500);
        var inputs = await tenant.UploadSamplesAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await tenant.CreateAsync(inputs, "[sandbox:hang]", body =>
            {
                body["end_user"] = i == 1 ? null : "u 1";
                body["metadata"] = new JsonObject { ["order"] = i == 2 ? "other" : "é &", ["n"] = $"{i}" };
            }));
        }

        return (tenant, ids);
    }
}
