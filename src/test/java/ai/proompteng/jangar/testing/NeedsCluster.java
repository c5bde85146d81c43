package ai.proompteng.jangar.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that wants a real API server, the one whose kubeconfig {@code
 * JANGAR_TEST_KUBECONFIG} names. Without it the class is skipped and says so; with {@code CI=true}
 * it fails. Constructor and method parameters of type {@link TestCluster} are filled: one a test
 * class, with a fresh namespace and the files of {@code crds/} applied.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TestClusters.class)
public @interface NeedsCluster {}
