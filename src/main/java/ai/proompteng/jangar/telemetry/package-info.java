/** What the server says of itself: the meters' names, the log's keys, a pass's trace id. */
package ai.proompteng.jangar.telemetry;
