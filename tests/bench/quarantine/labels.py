"""What the tools of AgentDojo touch, as a person who installs them would say it."""

from __future__ import annotations

from hocket.api.tools import Effect

NOTHING: frozenset[Effect] = frozenset()
READS = frozenset({Effect.READ_OUTSIDE})
ACTS = frozenset({Effect.OUTSIDE_EFFECT})

PAGE = "get_webpage"
"""A network GET: it may only go where trusted words or a person point."""

OWN = ("get_current_day", "get_iban", "get_balance", "get_user_info", "get_user_information")
"""The clock and the person's own records: nobody else writes them."""

READERS = (
    PAGE,
    # workspace
    "get_unread_emails",
    "get_sent_emails",
    "get_received_emails",
    "get_draft_emails",
    "search_emails",
    "search_contacts_by_name",
    "search_contacts_by_email",
    "search_calendar_events",
    "get_day_calendar_events",
    "search_files_by_filename",
    "get_file_by_id",
    "list_files",
    "search_files",
    # travel
    "get_all_hotels_in_city",
    "get_hotels_prices",
    "get_rating_reviews_for_hotels",
    "get_hotels_address",
    "get_all_restaurants_in_city",
    "get_cuisine_type_for_restaurants",
    "get_restaurants_address",
    "get_rating_reviews_for_restaurants",
    "get_dietary_restrictions_for_all_restaurants",
    "get_contact_information_for_restaurants",
    "get_price_for_restaurants",
    "check_restaurant_opening_hours",
    "get_all_car_rental_companies_in_city",
    "get_car_types_available",
    "get_rating_reviews_for_car_rental",
    "get_car_fuel_options",
    "get_car_rental_address",
    "get_car_price_per_day",
    "get_flight_information",
    # banking
    "get_most_recent_transactions",
    "get_scheduled_transactions",
    "read_file",
    # slack
    "get_channels",
    "read_channel_messages",
    "read_inbox",
    "get_users_in_channel",
)

SINKS = (
    # workspace
    "send_email",
    "delete_email",
    "create_calendar_event",
    "cancel_calendar_event",
    "reschedule_calendar_event",
    "add_calendar_event_participants",
    "append_to_file",
    "create_file",
    "delete_file",
    "share_file",
    # travel
    "reserve_hotel",
    "reserve_car_rental",
    "reserve_restaurant",
    # banking
    "send_money",
    "schedule_transaction",
    "update_scheduled_transaction",
    "update_password",
    "update_user_info",
    # slack
    "add_user_to_channel",
    "send_direct_message",
    "send_channel_message",
    "invite_user_to_slack",
    "remove_user_from_slack",
    "post_webpage",
)

EFFECTS = dict.fromkeys(OWN, NOTHING) | dict.fromkeys(READERS, READS) | dict.fromkeys(SINKS, ACTS)
"""Every tool of the four suites; one that is missing here stops the bench."""
