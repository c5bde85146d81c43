package ai.proompteng.jangar.camel.jangar;

/**
 * The body after {@code jangar:run}: what became of the request.
 *
 * @param state {@code active}: it has its run; {@code next}: it waits for the one that is active;
 *     {@code replaced}: a newer one waits; {@code released}: its run is done
 * @param run the run's name
 * @param uid null until the run is known to exist
 */
public record Asked(String state, String run, String uid) {}
