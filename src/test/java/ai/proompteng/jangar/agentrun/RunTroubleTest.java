package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.camel.reconcile.ReconcileConstants;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Conflict;
import ai.proompteng.jangar.testing.Leading;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Seconds of trouble are ridden out by the routes' own error handlers. */
class RunTroubleTest {
  private final RunBench bench = new RunBench();
  private final CamelContext context = new DefaultCamelContext();

  @BeforeEach
  void start() throws Exception {
    Leading.in(context);
    context.addRoutes(bench.routes());
    AdviceWith.adviceWith(
        context, "agentrun-reconcile", advice -> advice.replaceFromWith("direct:ring"));
    context.start();
    bench.givenAll();
  }

  @AfterEach
  void stop() {
    context.stop();
    bench.close();
  }

  @Test
  void a_moment_without_an_answer_is_ridden_out() {
    var refusals = new AtomicInteger(2);
    bench.cluster.fail(
        request -> request.startsWith("status") && refusals.getAndDecrement() > 0,
        new Unreachable("503"));
    assertThat(ring().getException()).isNull();
    assertThat(bench.status().phase()).isEqualTo("Running");
    assertThat(bench.jobs()).hasSize(1);
  }

  @Test
  void longer_trouble_goes_to_the_queue() {
    bench.journal.away(true);
    assertThat(ring().getException()).isInstanceOf(Unreachable.class);
    assertThat(bench.jobs()).isEmpty();
  }

  @Test
  void a_run_that_keeps_moving_is_looked_at_again_soon() {
    bench.cluster.fail(request -> request.startsWith("status"), new Conflict("moved", null));
    var exchange = ring();
    assertThat(exchange.getException()).isNull();
    assertThat(exchange.getProperty(ReconcileConstants.REQUEUE_AFTER)).isInstanceOf(Duration.class);
    assertThat(bench.status().phase()).isNull();
  }

  private Exchange ring() {
    return context
        .createProducerTemplate()
        .send("direct:ring", exchange -> exchange.getMessage().setBody(RunBench.RUN));
  }
}
