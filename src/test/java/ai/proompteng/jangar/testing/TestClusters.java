package ai.proompteng.jangar.testing;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What stands behind {@link NeedsCluster}: skips or fails without a cluster, hands one out. */
final class TestClusters implements BeforeAllCallback, ParameterResolver {
  private static final String VARIABLE = "JANGAR_TEST_KUBECONFIG";
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(TestClusters.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    Needed.by(context.getDisplayName(), "a cluster", VARIABLE);
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
