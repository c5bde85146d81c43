package ai.proompteng.jangar.routes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Processor;
import org.apache.camel.component.stub.StubComponent;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;

/** A file of {@code routes/} as it ships, with stubs for what Jangar adds to Camel. */
abstract class ShippedRoute extends CamelMainTestSupport {
  private final String[] files;

  /** The names of the steps that were taken, in their order. */
  final List<String> taken = new ArrayList<>();

  ShippedRoute(String... files) {
    this.files = files;
  }

  @Override
  protected void configure(MainConfigurationProperties configuration) {
    configuration.withRoutesIncludePattern(
        Arrays.stream(files)
            .map(file -> "file:routes/" + file + ".camel.yaml")
            .collect(Collectors.joining(",")));
  }

  @Override
  protected void bindToRegistry(Registry registry) throws Exception {
    registry.bind("leader", new RoutePolicySupport() {});
    registry.bind("jangar", new StubComponent());
    registry.bind("platform-http", new StubComponent());
  }

  /** A step that does nothing but say that it was taken. */
  Processor step(String name) {
    return exchange -> taken.add(name);
  }
}
