using Platform.Domain.Tasks;
using Platform.Domain.Webhooks;

namespace Platform.Domain.Tests.Tasks;

public sealed class TaskErrorCodesTests
{
    /// <summary>product.md section 2, Errors: the task-level codes.</summary>
    [Fact]
    public void WireName_AllCodes_AreThoseOfTheProduct() =>
        TaskErrorCodes.All.Select(c => c.WireName()).Should().BeEquivalentTo(
            "content_policy_violation", "invalid_parameters", "image_processing_error", "image_dimension_mismatch",
            "generation_failed_no_content", "service_error", "generation_timeout", "resource_exhausted", "quota_exceeded",
            "service_unavailable", "resource_not_found", "unknown_error", "request_cancelled");

    [Fact]
    public void Parse_EveryWireName_GivesItsCode() =>
        TaskErrorCodes.All.Should().AllSatisfy(c => TaskErrorCodes.Parse(c.WireName()).Should().Be(c));

    [Fact]
    public void All_EveryMemberOfTheEnum_IsThere() => TaskErrorCodes.All.Should().BeEquivalentTo(Enum.GetValues<TaskErrorCode>());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Service_Error")]
    [InlineData("nonsense")]
    public void Parse_AnythingElse_GivesNull(string? name) => TaskErrorCodes.Parse(name).Should().BeNull();

    [Theory]
    [InlineData(GenerationStatus.Completed, "video.generation.task.completed")]
    [InlineData(GenerationStatus.Failed, "video.generation.task.failed")]
    [InlineData(GenerationStatus.Cancelled, "video.generation.task.cancelled")]
    public void EventTypeOf_TerminalStatus_NamesIt(GenerationStatus status, string type) => OutboxMessage.EventTypeOf(status).Should().Be(type);

    [Theory]
    [InlineData(GenerationStatus.Pending)]
    [InlineData(GenerationStatus.Processing)]
    public void EventTypeOf_OpenStatus_Throws(GenerationStatus status) =>
        ((Func<string>)(() => OutboxMessage.EventTypeOf(status))).Should().Throw<ArgumentOutOfRangeException>();
}
