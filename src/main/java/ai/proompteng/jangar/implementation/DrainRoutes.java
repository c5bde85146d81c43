package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.AlreadyExists;
import ai.proompteng.jangar.kube.Conflict;
import java.time.Duration;
import org.apache.camel.builder.RouteBuilder;

/** From the intake ledger to ImplementationSpecs. */
public final class DrainRoutes extends RouteBuilder {
  /** How often a delivery meets an object that moved on, before its turn is over. */
  static final int CONFLICT_TRIES = 3;

  private final ImportProcessor imports;
  private final Duration conflictDelay;

  /**
   * Takes what imports a delivery, and how often an object that moves on is read again.
   *
   * @param conflictDelay before it is, doubled each time: 200 ms by integrations-and-helm.md 1.9
   */
  public DrainRoutes(ImportProcessor imports, Duration conflictDelay) {
    this.imports = imports;
    this.conflictDelay = conflictDelay;
  }

  @Override
  public void configure() {
    from("jangar:ledger")
        .routeId("ledger-drain")
        .routePolicyRef("leader")
        .description("A delivery becomes its item's ImplementationSpec, unless that knows better")
        .onException(Conflict.class, AlreadyExists.class)
        .maximumRedeliveries(CONFLICT_TRIES)
        .redeliveryDelay(conflictDelay.toMillis())
        .useExponentialBackOff()
        .backOffMultiplier(2)
        .logExhausted(false) // the ledger keeps why, and asks again
        .end()
        .onException(Unreachable.class)
        .logExhausted(false)
        .end()
        .process(imports)
        .filter(variable(ImportProcessor.SOURCE).isNotNull())
        .toV("reconcile:implementationsources", ImportProcessor.SOURCE, "rung")
        .end();
  }
}
