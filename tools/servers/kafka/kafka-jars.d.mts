export declare const KAFKA_VERSION: string;

/** Whether all jars were fetched before. */
export declare function areKafkaJarsCached(): boolean;

/**
 * Returns the folder of Kafka's jars; Maven fetches them once. `maven` is the path of its program, by
 * default the one on the PATH.
 */
export declare function kafkaJars(maven?: string): Promise<string>;
