package ai.proompteng.jangar.testing;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/** What stands behind {@link NeedsCluster}: skips or fails without a cluster, hands one out. */
final class TestClusters implements ExecutionCondition, ParameterResolver {
  private static final String VARIABLE = "JANGAR_TEST_KUBECONFIG";
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(TestClusters.class);

  /** Before an instance is made, since its constructor may want the cluster. */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    try {
      Needed.by(context.getRequiredTestClass().getSimpleName(), "a cluster", VARIABLE);
      return ConditionEvaluationResult.enabled("there is a cluster");
    } catch (TestAbortedException skipped) {
      return ConditionEvaluationResult.disabled(skipped.getMessage());
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestCluster.class;
  }

  @Override
  public TestCluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var testClass = context.getRequiredTestClass();
    return ofClass(context, testClass)
        .getStore(STORE)
        .getOrComputeIfAbsent(
            testClass,
            any -> new TestCluster(Path.of(System.getenv(VARIABLE)), testClass.getSimpleName()),
            TestCluster.class);
  }

  private static ExtensionContext ofClass(ExtensionContext context, Class<?> testClass) {
    var at = context;
    while (at.getTestMethod().isPresent() && at.getParent().isPresent()) {
      at = at.getParent().get();
    }
    return at;
  }
}
