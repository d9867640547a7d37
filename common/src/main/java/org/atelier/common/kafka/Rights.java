package org.atelier.common.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeShareGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Asks Kafka what this process may do, so that a right which is missing is found when it starts, and not when it is first needed. What is not
 * there yet is passed over.
 */
public final class Rights {
    private final Admin admin;
    private final List<Grant> grants;
    private final Duration timeout;

    /**
     * @param grants  what the process has to be allowed
     * @param timeout of each question
     */
    public Rights(Admin admin, List<Grant> grants, Duration timeout) {
        this.admin = admin;
        this.grants = List.copyOf(grants);
        this.timeout = timeout;
    }

    /**
     * What is missing and what to do, or empty if nothing is.
     *
     * @throws KafkaException if Kafka does not answer, or does not believe who asks
     */
    public Optional<String> problem(Collection<String> topics, Collection<String> groups) {
        var missing = new LinkedHashSet<String>();
        var needed = new LinkedHashSet<Grant>();
        allowed(topics, groups).forEach((what, operations) -> grants.stream()
                .filter(grant -> grant.covers(what.type(), what.name()))
                .forEach(grant -> grant.operations().stream().filter(each -> !operations.contains(each)).forEach(
                        operation -> {
                            missing.add(Grant.word(operation) + " on " + grant.kind() + " " + what.name());
                            needed.add(grant);
                        })));
        return missing.isEmpty() ? Optional.empty() : Optional.of(refused(missing, needed));
    }

    private static String refused(Set<String> missing, Set<Grant> needed) {
        return "Kafka does not let this process " + String.join(", ", missing)
                + ". Allow it, with the process's user in"
                + " the place of PRINCIPAL:" + Grant.commands(needed);
    }

    private record Resource(ResourceType type, String name) {}

    private Map<Resource, Set<AclOperation>> allowed(Collection<String> topics, Collection<String> groups) {
        var allowed = new LinkedHashMap<Resource, Set<AclOperation>>();
        admin.describeTopics(TopicCollection.ofTopicNames(topics), new DescribeTopicsOptions()
                .includeAuthorizedOperations(true)).topicNameValues().forEach((name, answer) -> operations(answer,
                        TopicDescription::authorizedOperations).ifPresent(operations -> allowed.put(new Resource(
                                ResourceType.TOPIC, name), operations)));
        admin.describeShareGroups(groups, new DescribeShareGroupsOptions().includeAuthorizedOperations(true))
                .describedGroups().forEach((name, answer) -> operations(answer,
                        ShareGroupDescription::authorizedOperations).ifPresent(operations -> allowed.put(new Resource(
                                ResourceType.GROUP, name), operations)));
        return allowed;
    }

    /** Nothing, where even that it is there may not be known; empty where it is not there. */
    private <T> Optional<Set<AclOperation>> operations(KafkaFuture<T> answer,
            Function<T, Set<AclOperation>> of) {
        try {
            return Optional.of(of.apply(answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS)));
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case AuthorizationException refused -> Optional.of(Set.of());
                case UnknownTopicOrPartitionException missing -> Optional.empty();
                case GroupIdNotFoundException missing -> Optional.empty();
                case KafkaException other -> throw other;
                default -> throw new KafkaException(e.getCause());
            };
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no answer within " + timeout, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
