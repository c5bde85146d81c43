/**
 * ImplementationSpec: how a delivery becomes one (text, names, order, what is imported), and how it
 * is judged. The drain writes spec and metadata, the reconciler alone the status.
 */
package ai.proompteng.jangar.implementation;
