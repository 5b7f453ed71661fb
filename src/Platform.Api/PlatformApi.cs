using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Auth;
using Platform.Api.Catalog;
using Platform.Api.Credits;
using Platform.Api.Credits.Ledger;
using Platform.Api.Errors;
using Platform.Api.Files;
using Platform.Api.Health;
using Platform.Api.OpenApi;
using Platform.Api.Operator;
using Platform.Api.ServiceLevels;
using Platform.Api.Tasks;
using Platform.Api.Tasks.Batch;
using Platform.Api.Tasks.Erasure;
using Platform.Api.Tasks.Listing;
using Platform.Api.Tasks.Receipts;
using Platform.Api.Upstreams;
using Platform.Api.Usage;
using Platform.Api.Videos;
using Platform.Api.Videos.Answers;
using Platform.Api.Videos.Batches;
using Platform.Api.Videos.Estimates;

namespace Platform.Api;

/// <summary>The API's face to the host.</summary>
public static class PlatformApi
{
    /// <summary>
    /// Adds the API. It needs the ports of the domain (stores, media, catalogue, upstreams, ids), a grain factory and an
    /// <see cref="IReadiness"/>, which the host adds.
    /// </summary>
    public static IServiceCollection AddPlatformApi(this IServiceCollection services, Action<ApiOptions> configure)
    {
        services.AddOptions<ApiOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddKeyAuthentication();
        services.AddSingleton<GrainCalls>();
        services.AddSingleton<TaskView>();
        services.AddSingleton<TaskEventStream>();
        services.AddSingleton<RequestJudge>();
        services.AddSingleton<QuoteSigner>();
        services.AddSingleton<CreateGeneration>();
        services.AddSingleton<EstimateGeneration>();
        services.AddSingleton<BatchView>();
        services.AddSingleton<CreateBatch>();
        services.AddSingleton<AnswerReports>();
        services.AddSingleton<UploadFile>();
        services.AddSingleton<MediaErasure>();
        services.AddSingleton<ServiceStatusCache>();
        services.AddSingleton<OpenApiEndpoint>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Wire));
        return services;
    }

    /// <summary>
    /// Adds what the API does beside its requests. Services end in the opposite order of their being added, so that this belongs behind
    /// the grains: what it still has to tell them at the end, it tells while they are there.
    /// </summary>
    public static IServiceCollection AddPlatformApiWorkers(this IServiceCollection services) =>
        services.AddHostedService(provider => provider.GetRequiredService<AnswerReports>());

    /// <summary>Puts the API into the pipeline.</summary>
    public static void UsePlatformApi(this IApplicationBuilder app)
    {
        app.UseErrorBoundary();
        app.UseRouting();
        app.UseKeyAuthentication();
    }

    /// <summary>Maps all endpoints.</summary>
    public static void MapPlatformApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGenerationEndpoints();
        routes.MapTaskEndpoints();
        routes.MapTaskListEndpoint();
        routes.MapTaskBatchEndpoint();
        routes.MapReceiptEndpoint();
        routes.MapMediaErasureEndpoint();
        routes.MapTaskEventEndpoints();
        routes.MapCreditEndpoints();
        routes.MapModelEndpoints();
        routes.MapPricingEndpoints();
        routes.MapLedgerEndpoint();
        routes.MapUsageEndpoint();
        routes.MapServiceStatusEndpoint();
        routes.MapFileEndpoints();
        routes.MapContentEndpoints();
        routes.MapCallbackEndpoint();
        routes.MapOperatorEndpoints();
        routes.MapPlatformHealth();
        routes.MapOpenApiEndpoint();
    }

    /// <summary>Maps the probes alone, for a process that answers nothing else. They need an <see cref="IReadiness"/> only.</summary>
    public static void MapPlatformHealth(this IEndpointRouteBuilder routes) => routes.MapHealthEndpoints();
}
