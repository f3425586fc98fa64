/**
 * Turns plans as users build them into resolved plans: names become columns, calls become typed
 * functions, and every rejection is an {@link io.arrowmill.AnalysisException} with a condition and
 * a remedy. Imports {@code types} and {@code plan} only.
 *
 * <p>The form of an analyzed plan, which optimizer and runtime rely on:
 *
 * <ul>
 *   <li>Each {@code Project} column is an {@code Attribute} or an {@code Alias} without aggregates
 *       or generators.
 *   <li>{@code Aggregate.groupings} are attributes of its child. {@code Aggregate.results} are
 *       those attributes and aliases directly over an {@code AggregateCall}, whose arguments and
 *       filter are attributes of the child or literals. A {@code Project} below computes what is
 *       not a plain column, a {@code Project} above what is more than a plain aggregate.
 *   <li>A tumbling {@code window(time, ...)} becomes a {@code Filter} on {@code isnotnull(time)}
 *       and a {@code Project} with {@code Alias(GetField(TimeWindow(...), 0))}: the window's start.
 *       A sliding one becomes {@code ExpandWindows}, whose column is the window's start too. An
 *       aggregate groups by that start; the struct {@code window} is built by a {@code Project}
 *       above as {@code named_struct("start", s, "end", s + length)}. Start and struct carry the
 *       event-time mark of the time column. See {@link io.arrowmill.analysis.EventTime}.
 *   <li>Arguments of a {@code Call} have the types that it needs; conversions are explicit {@code
 *       Cast} nodes. Decimal arithmetic takes decimals of any precision and scale. {@code sum} and
 *       {@code avg} take any numeric type.
 * </ul>
 */
@NullMarked
package io.arrowmill.analysis;

import org.jspecify.annotations.NullMarked;
