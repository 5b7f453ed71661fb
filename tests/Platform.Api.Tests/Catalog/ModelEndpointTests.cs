using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Auth;
using Platform.Api.Catalog;
using Platform.Api.Tests.Hosting;
using Platform.Domain.Catalog;
using Platform.Domain.Tenants;

namespace Platform.Api.Tests.Catalog;

[Collection(PlatformCollection.Name)]
public sealed class ModelEndpointTests(TestPlatform platform)
{
    private static readonly string Prices =
        """[{"quality":"720p","credits":"8.1648","usd":"0.1134"},{"quality":"1080p","credits":"10.88368","usd":"0.1512"}]""";

    [Fact]
    public async Task GetModel_MotionControl_HasSchemaLimitsAndPrice()
    {
        var tenant = await platform.NewTenantAsync();

        var model = await tenant.GetJsonAsync($"/v1/models/{MotionControlModel.Id}");
        var list = await tenant.GetJsonAsync("/v1/models");

        list.GetProperty("object").GetString().Should().Be("list");
        list.GetProperty("data").EnumerateArray().Should().ContainSingle().Which.ToString().Should().Be(model.ToString());
        model.GetProperty("id").GetString().Should().Be(MotionControlModel.Id);
        model.GetProperty("object").GetString().Should().Be("model");
        JsonElement.DeepEquals(model.GetProperty("parameters"), MotionControlParameters.Schema.JsonSchema).Should().BeTrue();
        model.GetProperty("limits").GetProperty("image_urls").ToString().Should().Be(
            """{"kind":"image","formats":["JPG","JPEG","PNG"],"max_bytes":10485760,"min_side":300,"max_side":65536,"max_aspect_ratio":2.5}""");
        model.GetProperty("limits").GetProperty("video_urls").ToString().Should().Be(
            """{"kind":"video","formats":["MP4","MOV"],"max_bytes":104857600,"min_side":340,"max_side":3850,"min_duration":3,"max_duration":{"image":10,"video":30}}""");
        var pricing = model.GetProperty("pricing");
        pricing.GetProperty("user_group").GetString().Should().Be("default");
        pricing.GetProperty("billing_rule").GetString().Should().Be("per_second");
        pricing.GetProperty("rounding").GetString().Should().Be("nearest");
        pricing.GetProperty("version").GetInt32().Should().Be(1);
        pricing.GetProperty("credits_per_usd").GetString().Should().Be("72");
        pricing.GetProperty("prices").ToString().Should().Be(Prices);
    }

    [Theory]
    [InlineData("kling-v2")]
    [InlineData("KLING-V3-MOTION-CONTROL")]
    [InlineData("%20")]
    public async Task GetModel_Unknown_Is404(string id)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.GetAsync($"/v1/models/{id}");

        await response.ShouldBeErrorAsync(HttpStatusCode.NotFound, "model_not_found");
    }

    [Fact]
    public async Task GetModels_WithoutKey_Is401()
    {
        using var response = await platform.Anonymous.GetAsync("/v1/models");

        await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
    }

    [Fact]
    public async Task GetPricing_WithoutKey_IsOfTheDefaultGroup()
    {
        using var response = await platform.Anonymous.GetAsync("/v1/pricing");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.Vary.Should().Equal("Authorization");
        var list = await response.JsonAsync();
        list.GetProperty("user_group").GetString().Should().Be("default");
        list.GetProperty("currency").GetString().Should().Be("USD");
        list.GetProperty("version").GetInt32().Should().Be(1);
        list.GetProperty("updated_at").GetInt64().Should().BeGreaterThan(1_700_000_000);
        var model = list.GetProperty("data").EnumerateArray().Should().ContainSingle().Subject;
        model.GetProperty("model").GetString().Should().Be(MotionControlModel.Id);
        model.GetProperty("prices").ToString().Should().Be(Prices);
    }

    [Fact]
    public async Task GetPricing_WithKey_IsOfTheCallersGroup()
    {
        const string Secret = "sk-this-tenant-is-a-partner-0001";
        var tenants = platform.Services.GetRequiredService<ITenantStore>();
        var now = platform.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var id = new TenantId("ten_partner0001");
        await tenants.AddTenantAsync(new() { Id = id, Name = "Partner", Group = "partner", CreatedAt = now }, CancellationToken.None);
        await tenants.AddKeyAsync(
            new() { Id = "key_partner_0001", Tenant = id, Name = "Key", SecretHash = KeySecret.Hash(Secret), CreatedAt = now }, CancellationToken.None);
        using var client = platform.NewClient(Secret);

        using var own = await client.GetAsync("/v1/pricing");
        using var all = await platform.Anonymous.GetAsync("/v1/pricing");

        (await own.JsonAsync()).GetProperty("user_group").GetString().Should().Be("partner");
        own.Headers.ETag.Should().NotBe(all.Headers.ETag);
    }

    [Fact]
    public async Task GetPricing_WrongKey_Is401()
    {
        using var client = platform.NewClient("sk-nobody-has-this-key");

        using var response = await client.GetAsync("/v1/pricing");

        await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
    }

    [Theory]
    [InlineData("{0}", true)]
    [InlineData("W/{0}", true)]
    [InlineData("\"other\", {0}", true)]
    [InlineData("*", true)]
    [InlineData("\"other\"", false)]
    [InlineData("nonsense", false)]
    public async Task GetPricing_IfNoneMatch_Is304WhereItIsKnown(string header, bool isKnown)
    {
        using var first = await platform.Anonymous.GetAsync("/v1/pricing");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/pricing");
        request.Headers.TryAddWithoutValidation("If-None-Match", header.Replace("{0}", first.Headers.ETag!.Tag, StringComparison.Ordinal));

        using var second = await platform.Anonymous.SendAsync(request);

        second.StatusCode.Should().Be(isKnown ? HttpStatusCode.NotModified : HttpStatusCode.OK);
        second.Headers.ETag.Should().Be(first.Headers.ETag);
        second.Headers.Vary.Should().Equal("Authorization");
        ((await second.Content.ReadAsByteArrayAsync()).Length == 0).Should().Be(isKnown);
    }
}

public sealed class ModelPriceObjectTests
{
    [Fact]
    public void Of_GroupWithItsOwnMultiplier_RoundsTheProductOnce()
    {
        var price = ModelPriceObject.Of(MotionControlModel.Definition, new Discount(0.95m), "partner", DateTimeOffset.UnixEpoch);

        // product.md section 1: at group 0.95 it is 10.33949.
        price.Prices.Select(p => (p.Quality, p.Credits)).Should().Equal(("720p", "7.75656"), ("1080p", "10.33949"));
        price.UserGroup.Should().Be("partner");
    }

    private sealed class Discount(decimal multiplier) : ICatalog
    {
        public IReadOnlyList<ModelDefinition> Models { get; } = [MotionControlModel.Definition];

        public ModelDefinition? FindModel(string id) => Models[0];

        public decimal GroupMultiplier(string userGroup, string modelId) => multiplier;
    }
}
